/// What a supervisor is sent for, over its standard input: the folder of its attempt, and the
/// secrets for it. It may have been started long before; told nothing, it is not needed.
package struct Errand: Hashable, Sendable {
    package let folder: AttemptFolder
    package let secrets: [HandedSecret]
    /// For the supervisor alone, and never for what it runs: by what name it is known elsewhere.
    package let access: [HandedSecret]

    package init(
        folder: AttemptFolder, secrets: [HandedSecret], access: [HandedSecret] = []
    ) {
        self.folder = folder
        self.secrets = secrets
        self.access = access
    }

    /// Ended by a word that tells a whole errand from one that was cut off.
    package var fields: Fields {
        var fields = Fields()
        fields.add("folder", folder.path)
        for secret in secrets { fields.add("secret", secret.fields) }
        for secret in access { fields.add("access", secret.fields) }
        fields.add("end", "")
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        guard fields.entries.last?.name == "end" else {
            throw FieldError("the errand was cut off")
        }
        self.init(
            folder: AttemptFolder(try fields.text("folder")),
            secrets: try fields.secrets("secret"), access: try fields.secrets("access"))
    }
}

extension Fields {
    package func secrets(_ name: String) throws(FieldError) -> [HandedSecret] {
        var secrets: [HandedSecret] = []
        for part in try parts(name) { secrets.append(try HandedSecret(part)) }
        return secrets
    }
}

/// A secret as the supervisor is handed it: for a file in the sandbox or a variable, and always to
/// be kept out of the log.
package struct HandedSecret: Hashable, Sendable {
    package let name: String
    package let value: [UInt8]
    /// The variable that holds it; nothing if commands read `/run/secrets/NAME`.
    package let variable: String?

    package init(name: String, value: [UInt8], variable: String?) {
        self.name = name
        self.value = value
        self.variable = variable
    }
}

extension HandedSecret {
    package var fields: Fields {
        var fields = Fields()
        fields.add("name", name)
        fields.add("value", value)
        fields.add("variable", variable)
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        guard let value = fields.all("value").first else {
            throw FieldError("'value' is missing")
        }
        self.init(
            name: try fields.text("name"), value: value,
            variable: fields.texts("variable").first)
    }
}
