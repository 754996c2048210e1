import Docker
import Testing

@Suite("What a container prints, as the Engine sends it") struct StreamFramesTests {
    private static func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        let count = text.utf8.count
        return [stream, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) } + text.utf8
    }

    private static let sample =
        frame(1, "one\n") + frame(2, "two\n") + frame(1, "") + frame(3, "engine\n")
        + frame(1, String(repeating: "x", count: 70_000))

    @Test func `is the text of both streams in the order it came`() {
        var frames = StreamFrames()
        let text = String(decoding: frames.text(of: Self.sample), as: UTF8.self)
        #expect(text == "one\ntwo\nengine\n" + String(repeating: "x", count: 70_000))
        #expect(!frames.isBroken)
    }

    @Test func `comes to the same wherever it is cut`() {
        let short = Self.sample.prefix(60)
        var whole = StreamFrames()
        let expected = whole.text(of: short)
        for first in 0...short.count {
            for second in first...short.count {
                var frames = StreamFrames()
                let text =
                    frames.text(of: short[..<first]) + frames.text(of: short[first..<second])
                    + frames.text(of: short[second...])
                #expect(text == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(
        "is not guessed at where it is something else", arguments: ["plain text", "\u{4}aaaaaaa"])
    func broken(text: String) {
        var frames = StreamFrames()
        #expect(frames.text(of: Array(text.utf8)) == [])
        #expect(frames.isBroken)
        #expect(frames.text(of: Self.sample) == [])
    }
}
