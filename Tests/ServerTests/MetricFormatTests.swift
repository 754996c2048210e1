import Engine
import HTTP
import People
import Pipelines
import Server
import Support
import Testing

/// What `/metrics` says, held against the rules of Prometheus' text format, and against the table
/// that people read.
@Suite("The text of the figures", .timeLimit(.minutes(1))) struct MetricFormatTests {
    private struct Family {
        var type = ""
        var help = ""
        var samples: [(name: String, labels: String, value: Double)] = []
    }

    /// Every figure that there can be, told once at least.
    private static func text() async throws -> String {
        let meter = Meter { Scene.folder(of: $0, in: "/nowhere") }
        for outcome in [LookFigure.Outcome.seen, .failed, .abandoned] {
            meter.looked(
                LookFigure(
                    outcome: outcome, lag: .milliseconds(3), time: .seconds(2),
                    delay: outcome == .seen ? .milliseconds(70) : nil))
        }
        meter.wrote(in: .microseconds(1_234))
        let watched = WatchFigures(
            answering: 2, failing: 1, unseen: 0, overdue: .seconds(4), couriers: 3)
        let scene = try Scene(meter: meter, watched: watched)
        let before = scene.desk.view.state.sequence
        try scene.start()
        scene.desk.begin()
        scene.desk.end("make")
        scene.desk.end("test", .failed(.timedOut, "too long"))
        try scene.start(commit: "c2")
        let token = try scene.people.token(.viewer)
        // They are counted when they have been read from the record.
        let read = "slipway_records_total \(scene.desk.view.state.sequence - before)\n"
        while true {
            let text = await scene.ask(.get, "/metrics", as: token).text
            if text.contains(read) { return text }
        }
    }

    private static func families(_ text: String) throws -> [String: Family] {
        #expect(text.hasSuffix("\n"))
        var families: [String: Family] = [:]
        var current = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if words.prefix(2) == ["#", "HELP"] {
                current = words[2]
                #expect(families[current] == nil, "'\(current)' is told twice")
                families[current] = Family(help: words.count > 3 ? words[3] : "")
            } else if words.prefix(2) == ["#", "TYPE"] {
                #expect(words[2] == current)
                families[current]?.type = words[3]
            } else {
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                let value = try #require(line.split(separator: " ").last.flatMap { Double($0) })
                let rest = line.dropFirst(name.count)
                let labels = rest.hasPrefix("{") ? rest.prefix { $0 != "}" }.dropFirst() : ""
                let isOwn = ["", "_bucket", "_sum", "_count"].contains { name == current + $0 }
                #expect(isOwn, "'\(name)' stands under '\(current)'")
                families[current]?.samples.append((name, String(labels), value))
            }
        }
        return families
    }

    @Test func `keeps the rules of the format, and the customs of its names`() async throws {
        let families = try Self.families(try await Self.text())
        for (name, family) in families {
            #expect(name.wholeMatch(of: /(slipway|process)_[a-z]+(_[a-z]+)*/) != nil, "\(name)")
            #expect(family.help.hasSuffix("."), "\(name)")
            #expect(["counter", "gauge", "histogram"].contains(family.type), "\(name)")
            #expect(name.hasSuffix("_total") == (family.type == "counter"), "\(name)")
            #expect(!family.samples.isEmpty, "\(name) is silent")
            let isTime = family.type == "histogram"
            #expect(!isTime || name.hasSuffix("_seconds"), "\(name)")
            let places = family.samples.map { "\($0.name){\($0.labels)}" }
            #expect(Set(places).count == places.count, "\(name) tells one figure twice")
            for sample in family.samples {
                #expect(sample.value >= 0, "\(name)")
                let labels = sample.labels.matches(of: /([a-z_]+)="([^"\\\n]*)"(,|$)/)
                #expect(labels.map { $0.0.count }.reduce(0, +) == sample.labels.count, "\(sample)")
            }
        }
    }

    @Test func `has buckets that grow, and end with all there are`() async throws {
        let families = try Self.families(try await Self.text())
        for (name, family) in families where family.type == "histogram" {
            var last: [Substring: Double] = [:]
            for sample in family.samples where sample.name == name + "_bucket" {
                let place = try #require(sample.labels.firstRange(of: "le="))
                let own = sample.labels[..<place.lowerBound]
                #expect(sample.value >= last[own] ?? 0, "\(sample)")
                last[own] = sample.value
            }
            let counts = family.samples.filter { $0.name == name + "_count" }.map(\.value)
            #expect(last.values.sorted() == counts.sorted(), "\(name)")
        }
    }

    @Test func `is what the table for people says`() async throws {
        let families = try Self.families(try await Self.text())
        let table = try DocumentTable.rows(of: "docs/metrics.md")
        #expect(Set(table.keys) == Set(families.keys))
        for (name, family) in families {
            #expect(table[name]?.first == family.type, "\(name)")
        }
    }
}
