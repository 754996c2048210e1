import YAML

extension Definition {
    /// The secrets that it names, each where it is named: by a source, an action, a check
    /// or a service.
    package var secrets: [Located<SecretName>] {
        let opening = sources.compactMap { source in
            source.git?.credential.map { Located($0, at: source.written.place) }
        }
        let given = stages.flatMap { stage in
            stage.actions + (stage.before + stage.onSuccess).compactMap(\.action)
        }.flatMap { action in
            action.work.secretNames.map { Located($0, at: action.place) }
        }
        let served = environments.flatMap { environment in
            environment.services.flatMap(\.secrets).map {
                Located($0.secret, at: environment.place)
            }
        }
        return opening + given + served
    }

    /// A mistake for each secret that it names and may not.
    package func mistakes(
        namingSecretsBut isAllowed: (SecretName) -> Bool, hint: (SecretName) -> String
    ) -> [Diagnostic] {
        secrets.filter { !isAllowed($0.value) }.map { secret in
            Diagnostic(
                at: secret.place, "this may not use secret '\(secret.value)'",
                hint: hint(secret.value))
        }
    }
}

extension Gate {
    fileprivate var action: Action? {
        if case .check(let action, _) = kind.opening { action } else { nil }
    }
}
