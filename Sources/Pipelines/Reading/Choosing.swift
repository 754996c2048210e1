import YAML

// Of several kinds, the one whose key is there.

extension Keys {
    /// Reads the one kind of action that is named here. What belongs to other kinds is out of
    /// place.
    mutating func kindOfAction() -> (any ActionKind)? {
        name(
            kinds: ActionKinds.all.map { $0.key },
            companions: Dictionary(
                ActionKinds.all.map { ($0.key, $0.companions) }, uniquingKeysWith: { $1 }))
        if isDescribing {
            for kind in ActionKinds.all { _ = kind.read(&self) }
            return nil
        }
        guard
            let kind = choose(among: ActionKinds.all.map { $0.key }, what: "an action")
                .flatMap({ key in ActionKinds.all.first { $0.key == key } })
        else { return nil }
        noun = "an action of kind '\(kind.key)'"
        return kind.read(&self)
    }

    mutating func kindOfGate() -> (any GateKind)? {
        name(kinds: GateKinds.all.map { $0.key })
        if isDescribing {
            for kind in GateKinds.all { _ = kind.read(&self) }
            return nil
        }
        guard
            let kind = choose(among: GateKinds.all.map { $0.key }, what: "a gate")
                .flatMap({ key in GateKinds.all.first { $0.key == key } })
        else { return nil }
        noun = "a gate of kind '\(kind.key)'"
        return kind.read(&self)
    }

    /// The one key of `kinds` that is there; more or less than one is a mistake.
    private mutating func choose(among kinds: [String], what: String) -> String? {
        let named = kinds.filter { has($0) && !isCompanion($0) }
        if named.count == 1 { return named[0] }
        ignoreUnknown = named.isEmpty
        if named.isEmpty {
            let guess = unasked(but: kinds)
                .compactMap { word in Nearest.word(to: word, among: kinds).map { (word, $0) } }
                .first
            let hint = guess.map { "'\($0.0)' looks like '\($0.1)'; " } ?? ""
            findings.error(
                at: place, "\(what) says what it does with one of \(oneOf(kinds)); none is here",
                hint: hint + "add one of them")
        } else {
            findings.error(
                at: keyPlace(of: named[1]),
                "\(what) does one thing, and this one has '\(named[0])' and '\(named[1])'",
                hint: "keep one, and give the other a name of its own")
            ignoreUnknown = true
        }
        return nil
    }
}
