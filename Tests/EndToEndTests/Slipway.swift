import Support

/// The program as it was built, beside the tests.
enum Slipway {
    static let path: String = {
        let folder = CommandLine.arguments[0].split(
            separator: "/", omittingEmptySubsequences: false)
        return folder.dropLast().joined(separator: "/") + "/slipway"
    }()

    static func run(_ words: String..., input: String = "") throws -> Program.Result {
        try Program.run([path] + words, input: input)
    }
}
