/// An option of a command: `--name`, or `--name VALUE`. Its words are written once, here, for help,
/// manual and completions.
struct Flag {
    struct Value {
        let name: String
        let kind: WordKind
    }

    let name: String
    let value: Value?
    let about: String

    init(_ name: String, _ about: String) {
        self.name = name
        value = nil
        self.about = about
    }

    init(_ name: String, _ value: String, _ kind: WordKind, _ about: String) {
        self.name = name
        self.value = Value(name: value, kind: kind)
        self.about = about
    }

    /// `--home DIR`
    var written: String { value.map { "\(name) \($0.name)" } ?? name }
}

extension Flag {
    /// The house's folder, found where nobody names it.
    static let home = Flag(
        "--home", "DIR", .folder,
        "the folder with the record; without it '.slipway' of the repository around the current "
            + "folder, or of the current folder itself")
    /// The house's folder, where a mistaken guess would be dear.
    static let namedHome = Flag(
        "--home", "DIR", .folder, "the folder with the record, such as '.slipway'")
}
