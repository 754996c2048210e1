import Client
import Glibc
import JSON
import Pipelines

/// How answers are shown: as tables for people, as lines for programs.
struct Face {
    let isJSON: Bool
    let now: Instant
    let isTerminal: Bool
    let width: Int?
    let isPainted: Bool

    init(_ arguments: Arguments) {
        isJSON = arguments.has("--json")
        now = Self.now
        isTerminal = isatty(STDOUT_FILENO) == 1
        width = isTerminal ? Terminal.width : nil
        isPainted =
            isTerminal && Settings.variable("NO_COLOR") == nil && Settings.variable("TERM") != nil
    }

    static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(
            milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func show(_ table: Table) {
        Output.print(table.text(width: width, isPainted: isPainted))
    }

    /// A sentence, in as many lines as it takes.
    func tell(_ sentence: String) {
        let words = Report.visible(sentence).split(separator: " ").map(String.init)
        let columns = width ?? Wrapping.columns
        for line in Wrapping.lines(of: words, more: 2, columns: columns) {
            Output.print(line + "\n")
        }
    }

    /// A list, or a word where it is empty.
    func show<Item>(
        _ listing: Listing<Item>, empty: String, _ table: ([Item]) -> Table
    ) {
        if isJSON {
            for line in listing.lines { Output.print(line + "\n") }
        } else if listing.items.isEmpty {
            Output.print(empty + "\n")
        } else {
            show(table(listing.items))
        }
        if listing.hasMore, !isJSON { Output.error("there are more: '--limit N' shows N\n") }
    }

    func paint(_ text: String, _ paint: Table.Paint?) -> String {
        isPainted ? Table.paint(text, paint) : text
    }

    func ago(_ time: Instant?) -> String { time.map { Ago.text($0, now: now) } ?? "" }

    func status(_ status: String) -> Table.Cell {
        Table.Cell(status, Table.Paint(of: Condition(status)))
    }
}

extension Table.Paint {
    init?(of condition: Condition) {
        switch condition {
        case .waiting: self = .waiting
        case .active: self = .active
        case .succeeded: self = .good
        case .failed: self = .bad
        case .stopped, .ahead: self = .faint
        case .other: return nil
        }
    }
}
