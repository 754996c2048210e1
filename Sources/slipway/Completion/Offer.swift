/// What a shell is told: words to choose from, or which files to look for itself, which it does
/// better.
struct Offer {
    enum Source: String {
        case words, files, folders
        /// Files that end like a definition.
        case definitions
    }

    /// A word with a note, which some shells show.
    struct Word {
        let text: String
        let note: String

        init(_ text: String, _ note: String = "") {
            self.text = text
            self.note = note
        }
    }

    var source: Source = .words
    /// What of the current word stands before the file's name.
    var prefix = ""
    var words: [Word] = []

    static let nothing = Offer()

    /// A line that says where words come from, then a word a line with its note after a tab.
    func text(completing current: String) -> String {
        var text = "\(source.rawValue)\t\(prefix)\n"
        for word in words where word.text.hasPrefix(current) && word.text.allSatisfy(Self.isPlain) {
            text += "\(word.text)\t\(word.note.filter { !$0.isNewline && $0 != "\t" })\n"
        }
        return text
    }

    /// What a record or a definition of strangers offers must not mean anything to a shell.
    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || "._-@/=".contains(character))
    }
}
