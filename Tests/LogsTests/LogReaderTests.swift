import Glibc
import Logs
import Support
import Testing

@Suite("Reading a log") struct LogReaderTests {
    @Test func `a reader follows a log that grows`() throws {
        let sample = try Sample()
        var log = try LogWriter.create(sample.place, limit: nil)
        var reader = try LogReader.open(sample.place)
        #expect(try reader.read(from: 0, upTo: 100) == LogPiece(bytes: [], next: 0))
        log.append("one")
        #expect(try reader.length() == 0)
        try log.flush(at: 0)
        let one = try reader.read(from: 0, upTo: 100)
        #expect(one == LogPiece(bytes: Array("one".utf8), next: 3))
        log.append("two")
        try log.flush(at: 0)
        let two = try reader.read(from: one.next, upTo: 2)
        #expect(two == LogPiece(bytes: Array("tw".utf8), next: 5))
        #expect(try !reader.index().isClosed)
        _ = log.close(at: 0)
        #expect(try reader.index().isClosed)
        #expect(try reader.read(from: 5, upTo: 100).next == 6)
        #expect(try reader.read(from: 60, upTo: 100) == LogPiece(bytes: [], next: 60))
    }

    @Test func `a log that is not there is said to be missing`() throws {
        let sample = try Sample()
        let error = #expect(throws: LogError.self) { _ = try LogReader.open(sample.place) }
        #expect(error?.kind == .notFound)
        #expect(
            error?.description == """
                cannot read '\(sample.place.plain)': No such file or directory
                  hint: check the path
                """)
    }

    @Test func `times lead to places, and places to times`() throws {
        let sample = try Sample()
        var log = try LogWriter.create(sample.place, limit: nil)
        for (text, time) in [("a\n", 50), ("b\n", 100), ("c\n", 160), ("d\n", 5_000)] {
            log.append(text)
            try log.flush(at: time)
        }
        _ = log.close(at: 9_000)
        let index = try sample.index()
        // "b" was printed less than a tenth of a second after "a".
        #expect(
            (0..<8).map { index.milliseconds(at: $0) } == [50, 50, 50, 50, 160, 160, 5_000, 5_000])
        #expect(
            [0, 50, 100, 159, 160, 161, 4_999, 5_000, 5_001, 10_000].map(index.offset)
                == [0, 0, 0, 0, 4, 4, 4, 6, 6, 8])
    }

    @Test func `what is printed without pause has a time for each 64 KiB`() throws {
        let sample = try Sample()
        let text = Sample.lines(50_000)
        var log = try LogWriter.create(sample.place, limit: nil)
        var rest = text[...]
        var time = 0
        while !rest.isEmpty {
            log.append(Array(rest.prefix(10_000)).span)
            rest = rest.dropFirst(10_000)
            time += 1
            try log.flush(at: time)
        }
        _ = log.close(at: time)
        let entries = try Sample.bytes(of: sample.place.index).count / 16
        #expect(entries <= text.count / (64 << 10) + time / 100 + 2)
        let index = try sample.index()
        for offset in stride(from: 0, to: text.count, by: 30_000) {
            let printed = offset / 10_000 + 1
            let known = try #require(index.milliseconds(at: offset))
            #expect((printed - 7...printed).contains(known))
        }
    }

    @Test func `steps have a beginning, an end and a code`() throws {
        let sample = try Sample()
        var log = try LogWriter.create(sample.place, limit: nil)
        try log.beginStep(0, at: 1)
        log.append("one\n")
        try log.endStep(code: 0, at: 20)
        try log.beginStep(1, at: 30)
        log.append("two\n")
        try log.endStep(code: 137, at: 40)
        try log.beginStep(2, at: 50)
        log.append("three\n")
        try log.flush(at: 60)
        let index = try sample.index()
        #expect(index.steps.map(\.index) == [0, 1, 2])
        #expect(index.steps.map(\.offset) == [0, 4, 8])
        #expect(index.steps.map(\.milliseconds) == [1, 30, 50])
        #expect(index.steps.map(\.end?.offset) == [4, 8, nil])
        #expect(index.steps.map(\.end?.code) == [0, 137, nil])
        #expect(index.steps.map(\.end?.milliseconds) == [20, 40, nil])
        #expect(!index.isClosed)
        _ = log.close(at: 70)
    }

    @Test func `an index that is torn anywhere is read up to there`() throws {
        let sample = try Sample()
        var log = try LogWriter.create(sample.place, limit: nil)
        for step in 0..<3 {
            try log.beginStep(step, at: step * 1_000)
            log.append("step \(step)\n")
            try log.endStep(code: step, at: step * 1_000 + 500)
        }
        _ = log.close(at: 9_000)
        let whole = try Sample.bytes(of: sample.place.index)
        let steps = try sample.index().steps
        #expect(steps.count == 3)
        // Cut off; and followed by the zeros, or the rubbish, that a power cut leaves.
        let tails: [[UInt8]] = [
            [], [UInt8](repeating: 0, count: 40), [UInt8](repeating: 0xFF, count: 40),
        ]
        for length in 0..<whole.count {
            for tail in tails {
                try Sample.write(Array(whole.prefix(length)) + tail, to: sample.place.index)
                let index = try sample.index()
                for (step, known) in zip(index.steps, steps) {
                    #expect(step.index == known.index && step.offset == known.offset)
                }
                #expect(index.steps.count <= 3)
                #expect(try sample.read().count == 21)
            }
        }
    }

    @Test func `a log without its index is still a log`() throws {
        let sample = try Sample(Array("text\n".utf8))
        unsafe unlink(sample.place.index)
        #expect(try sample.read() == Array("text\n".utf8))
        #expect(try sample.index() == LogIndex())
    }

    @Test func `an index that is read in parts is as one that is read at once`() throws {
        let sample = try Sample()
        var log = try LogWriter.create(sample.place, limit: nil)
        var reader = try LogReader.open(sample.place)
        for time in stride(from: 0, to: 3_000, by: 70) {
            log.append("\(time)\n")
            try log.flush(at: time)
            #expect(try reader.index() == sample.index())
        }
        _ = log.close(at: 3_000)
    }
}
