import Client
import Pipelines

extension Arguments {
    /// The word that says which form is meant, and the operands after it.
    func verb(
        of command: any Command.Type, orElse usual: String? = nil
    ) throws(UsageError) -> (verb: String, operands: [String]) {
        let verbs = command.words.forms.compactMap { $0.verb?.name }
        guard let first = operands.first ?? usual else {
            throw UsageError(
                "it is not said what to do", hint: "there are \(oneOf(verbs))")
        }
        guard verbs.contains(first) else {
            let guess = Nearest.word(to: first, among: verbs).map { "did you mean '\($0)'? " } ?? ""
            throw UsageError(
                "'\(Report.visible(first))' is nothing that `slipway \(command.words.name)` does",
                hint: "\(guess)there are \(oneOf(verbs))")
        }
        return (first, Array(operands.dropFirst()))
    }

    /// One operand for each of these, neither more nor fewer.
    func operands(
        _ count: ClosedRange<Int>, after verb: String? = nil, example: String
    ) throws(UsageError) -> [String] {
        let given = Array(operands.dropFirst(verb == nil ? 0 : 1))
        guard count.contains(given.count) else {
            let what = given.count < count.lowerBound ? "a word is missing" : "a word is too many"
            throw UsageError(what, hint: "write 'slipway \(example)'")
        }
        return given
    }

    /// `shop/42`, the first of the operands.
    func execution(
        more: ClosedRange<Int> = 0...0, example: String
    ) throws(UsageError) -> (pipeline: String, number: Int, rest: [String]) {
        let counts = (1 + more.lowerBound)...(1 + more.upperBound)
        let given = try operands(counts, example: example)
        guard let (pipeline, number) = ExecutionName.parse(given[0]), number > 0 else {
            throw UsageError(
                "'\(Report.visible(given[0]))' is no execution", hint: "write it as 'shop/42'")
        }
        return (pipeline, number, Array(given.dropFirst()))
    }

    func limit(orElse usual: Int) throws(UsageError) -> Int {
        guard let written = value(of: "--limit") else { return usual }
        guard let limit = Int(written), 1...100_000 ~= limit else {
            throw UsageError(
                "'--limit \(Report.visible(written))' is no number from 1 to 100000",
                hint: "write '--limit 50'")
        }
        return limit
    }
}

extension Flag {
    static let limit = Flag("--limit", "N", .text, "how many to list; 50 without it")
    static let reason = Flag("--reason", "TEXT", .text, "why; it is kept on the record")
}
