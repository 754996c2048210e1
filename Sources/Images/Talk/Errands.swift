extension RegistryErrand {
    /// What to do when an answer has not come or says that a later one may be better.
    static func again(
        _ persistence: inout Persistence, _ what: String, after event: RegistryEvent
    ) -> RegistryStep<Outcome> {
        var asked: Int?
        let cause: String
        switch event {
        case .answered(let answer):
            asked = answer.retryAfter
            let words = Complaint(parsing: answer.body).words
            cause = "the registry answered \(answer.status)\(words.isEmpty ? "" : " (\(words))")"
        case .broke(let words): cause = words
        case .waited, .admitted: cause = "it did not end"
        }
        guard let pause = persistence.pause(asked: asked) else {
            let isLong = asked.map { $0 > Persistence.longestWait } ?? false
            return .failed(
                RegistryProblem(
                    .gaveUp,
                    isLong
                        ? "cannot \(what): \(cause) and wants to be left alone for "
                            + "\((asked ?? 0) / 1_000) s"
                        : "cannot \(what): \(cause)"
                            + (persistence.tries > 1
                                ? ", the last of \(persistence.tries) times" : ""),
                    hint: isLong
                        ? "run it later, or ask whoever runs the registry for a higher limit"
                        : "look at the registry and its log, then run it again; what is there "
                            + "already is not sent again", retryAfter: asked))
        }
        return .wait(milliseconds: pause, because: "\(what): \(cause)")
    }

    /// A refusal that trying again would not change.
    static func refused(_ what: String, _ answer: RegistryAnswer) -> RegistryStep<Outcome> {
        let words = Complaint(parsing: answer.body).words
        let said = words.isEmpty ? "" : ": \(words)"
        let (kind, hint): (RegistryProblem.Kind, String) =
            switch answer.status {
            case 401: (.denied, "check the user and the password, and that they are still valid")
            case 403: (.denied, "give these credentials the right to do that in this repository")
            case 404: (.missing, "check the name, and that the repository is there")
            case 413: (.refused, "raise the size that the registry, or a proxy before it, takes")
            default: (.refused, "see what the registry says")
            }
        return .failed(
            RegistryProblem(
                kind, "cannot \(what): the registry answered \(answer.status)\(said)", hint: hint))
    }

    static func lied(_ what: String, _ how: String) -> RegistryStep<Outcome> {
        .failed(
            RegistryProblem(
                .lied, "cannot \(what): \(how)",
                hint: "something between here and the registry, or the registry itself, is broken; "
                    + "do not use what it has"))
    }
}
