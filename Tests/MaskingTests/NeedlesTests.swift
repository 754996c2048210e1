import Masking
import Testing

@Suite("What is looked for") struct NeedlesTests {
    static func forms(_ value: String) -> Set<String> {
        Set(Needles(hiding: [Array(value.utf8)]).all.map { String(decoding: $0, as: UTF8.self) })
    }

    /// A value, and how some program prints it.
    static let prints: [(value: String, text: String)] = [
        ("p4$$w0rd", "p4%24%24w0rd"),
        ("p4$$w0rd", #"p4\$\$w0rd"#),
        ("a b/c?d", "a%20b%2Fc%3Fd"),
        ("a b/c?d", "a%20b%2fc%3fd"),
        ("a b/c?d", "a+b%2Fc%3Fd"),
        ("a b/c?d", "a%20b/c%3Fd"),
        ("it's(me)*", "it's(me)*"),
        ("it's(me)*", "it%27s%28me%29%2A"),
        ("it's me", #"it'\''s me"#),
        ("it's me", #"it'"'"'s me"#),
        ("it's me", #"it\'s\ me"#),
        ("tab\there", #"tab\there"#),
        ("quo\"te\\s", #"quo\"te\\s"#),
        ("a/slash/b", #"a\/slash\/b"#),
        ("naïve é😀", #"na\u00efve \u00e9\ud83d\ude00"#),
        ("naïve é", #"na\303\257ve \303\251"#),
        ("<tag>&more", #"\u003ctag\u003e\u0026more"#),
        ("bell\u{7}\u{1B}\u{1}x", #"bell\a\E\001x"#),
        ("bell\u{7}\u{1B}\u{1}x", #"bell\u0007\u001b\u0001x"#),
        ("secret", "736563726574"),
        ("secr\u{AB}\u{CD}", "73656372C2ABC38D"),
        ("secr\u{AB}\u{CD}", "73656372c2abc38d"),
        ("  padded value\n", "padded value"),
    ]

    @Test("what programs print is a needle", arguments: prints.indices)
    func printed(index: Int) {
        let (value, text) = Self.prints[index]
        #expect(Self.forms(value).contains(text), "\(Self.forms(value).sorted())")
    }

    /// By an encoder of the test's own, over the value between any neighbours.
    @Test("base64 of a text hides the value in it", arguments: [6, 7, 8, 9, 20, 31])
    func base64(length: Int) {
        var dice = Dice(seed: UInt64(length))
        let all = (0...255).map { UInt8($0) }
        let value = [0xFB] + dice.bytes(length - 2, of: all) + [0xFF]
        for url in [false, true] {
            for before in 0..<7 {
                let text = dice.bytes(before, of: all) + value + dice.bytes(5, of: all)
                let encoded = encode(text, url: url)
                var masker = Masker(Needles(hiding: [value]))
                let output = masker.output(of: [encoded])
                // What stays is what a neighbour has a part in.
                let first = (before * 8 + 5) / 6
                let end = (before + length) * 8 / 6
                #expect(output == encoded[..<first] + Array("***".utf8) + encoded[end...])
            }
        }
    }

    @Test func `each line of a value is a needle, unless it is short`() {
        let forms = Self.forms("-----BEGIN KEY-----\r\nMIIEpAIBAAKCAQEA\nxy==\n-----END KEY-----\n")
        #expect(forms.contains("-----BEGIN KEY-----"))
        #expect(forms.contains("MIIEpAIBAAKCAQEA"))
        #expect(forms.contains("-----END KEY-----"))
        #expect(!forms.contains("xy=="))
        #expect(forms.contains { $0.hasSuffix(#"xy==\n-----END KEY-----"#) })
    }

    @Test func `values too short to be hidden are named`() {
        let values = ["", "12345", "123456", "  1234 \n", "a\nb", "ab\ncd\nef"]
        let needles = Needles(hiding: values.map { Array($0.utf8) })
        #expect(needles.tooShort == [0, 1, 3, 4])
        #expect(needles.all.contains(Array("123456".utf8)))
        #expect(needles.all.allSatisfy { $0.count >= Needles.shortest })
    }

    @Test func `a value that every program prints alike has few forms`() {
        #expect(Self.forms("0123456789abcdef").count == 1 + 3 + 1)
    }

    private func encode(_ bytes: [UInt8], url: Bool) -> [UInt8] {
        let letters = Array(
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                + (url ? "-_" : "+/")).utf8)
        var output: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 6 {
                count -= 6
                output.append(letters[bits >> count & 63])
            }
            bits &= 1 << count - 1
        }
        if count > 0 { output.append(letters[bits << (6 - count) & 63]) }
        return output
    }
}
