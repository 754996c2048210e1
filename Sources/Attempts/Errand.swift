/// What a supervisor is sent for, over its standard input: the folder of its attempt, and the
/// secrets for it. It may have been started long before; told nothing, it is not needed.
package struct Errand: Hashable, Sendable {
    package let folder: AttemptFolder
    package let secrets: [HandedSecret]

    package init(folder: AttemptFolder, secrets: [HandedSecret]) {
        self.folder = folder
        self.secrets = secrets
    }

    /// Ended by a word that tells a whole errand from one that was cut off.
    package var fields: Fields {
        var fields = Fields()
        fields.add("folder", folder.path)
        for secret in secrets {
            var part = Fields()
            part.add("name", secret.name)
            part.add("value", secret.value)
            part.add("variable", secret.variable)
            fields.add("secret", part)
        }
        fields.add("end", "")
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        guard fields.entries.last?.name == "end" else {
            throw FieldError("the errand was cut off")
        }
        var secrets: [HandedSecret] = []
        for part in try fields.parts("secret") {
            guard let value = part.all("value").first else {
                throw FieldError("'value' is missing")
            }
            secrets.append(
                HandedSecret(
                    name: try part.text("name"), value: value,
                    variable: part.texts("variable").first))
        }
        self.init(folder: AttemptFolder(try fields.text("folder")), secrets: secrets)
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
