import Masking
import Testing

@Suite("Secrets in a stream") struct MaskerTests {
    /// Secrets, a text, and what is left of it.
    static let examples: [(secrets: [String], text: String, output: String)] = [
        (["hunter2"], "the password is hunter2.", "the password is ***."),
        (["hunter2"], "hunhunter2", "hun***"),
        (["hunter2"], "hunter2hunter2", "******"),
        (["hunter2"], "hunter", "hunter"),
        (["aaaaaab"], "aaaaaaaaaaab", "aaaaa***"),
        (["aaaaaa"], "aaaaaaaaaaaa!", "***!"),
        (["abcabcabd"], "abcabcabcabd", "abc***"),
        (["secret", "secretary"], "secret secretar secretary", "*** ***ar ***"),
        (["secret", "secretary", "cretar"], "secretar", "***"),
        (["abcdef", "defghi"], "abcdefghi", "***"),
        (["abcdef", "defghi", "ghijklmnop"], "abcdefghijklmno", "***jklmno"),
        (["bcdefg", "abcdefgh"], "abcdefgx abcdefgh", "a***x ***"),
        (["bcdefg", "klmnop", "abcdefghijklmnopq"], "abcdefghijklmnopr", "a***hij***r"),
        (["abcdef", "ghijkl", "abcdefghijklmn"], "abcdefghijklm", "******m"),
        (["ab***cd"], "ab***cd ab*** ***cd", "*** ab*** ***cd"),
        (["******"], "a ****** b", "a *** b"),
        (["x***y12", "secret"], "xsecrety12", "x***y12"),
        (["abcdef"], "", ""),
        (["tiny"], "tiny", "tiny"),
        ([], "all of it", "all of it"),
    ]

    @Test("secrets are hidden, however the text is cut in two", arguments: examples.indices)
    func example(index: Int) {
        let (secrets, text, output) = Self.examples[index]
        let needles = Needles(hiding: secrets.map { Array($0.utf8) })
        let bytes = Array(text.utf8)
        var masker = Masker(needles)
        for cut in 0...bytes.count {
            let given = masker.output(of: [Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(String(decoding: given, as: UTF8.self) == output, "cut at \(cut)")
        }
        #expect(masker.output(of: bytes.map { [$0] }) == Array(output.utf8), "byte by byte")
    }

    /// Few letters, so that needles overlap each other and themselves in every way.
    @Test("any cut gives what the whole gives", arguments: 0..<60 as Range<UInt64>)
    func everySplit(seed: UInt64) {
        var dice = Dice(seed: seed)
        let letters = Array("abc*".utf8.prefix(Int.random(in: 1...4, using: &dice)))
        let secrets = (0..<Int.random(in: 1...6, using: &dice)).map { _ in
            dice.bytes(Int.random(in: 6...14, using: &dice), of: letters)
        }
        let needles = Needles(hiding: secrets).all
        let noise = dice.bytes(20, of: letters + Array(" x".utf8))
        let text = (noise + secrets.flatMap { $0 + dice.bytes(3, of: letters) } + noise)
        let expected = masked(text, hiding: needles)
        var masker = Masker(Needles(hiding: secrets))
        #expect(masker.output(of: [text]) == expected)
        for cut in text.indices {
            let chunks = [Array(text[..<cut]), Array(text[cut...])]
            #expect(masker.output(of: chunks) == expected, "cut at \(cut)")
        }
        for longest in [1, 2, 3, 5, 9, 20] {
            let chunks = dice.cut(text, longest: longest)
            #expect(masker.output(of: chunks) == expected, "\(chunks.map(\.count))")
        }
    }

    /// Many needles with common beginnings and every byte value, in chunks that the sieve skips
    /// through.
    @Test("any bytes are masked as the reference does", arguments: 0..<20 as Range<UInt64>)
    func anyBytes(seed: UInt64) {
        var dice = Dice(seed: seed)
        let all = (0...255).map { UInt8($0) }
        let secrets = (0..<40).map { index in
            (index % 3 == 0 ? Array("ghp_token_".utf8) : [])
                + dice.bytes(Int.random(in: 6...40, using: &dice), of: all)
        }
        let needles = Needles(hiding: secrets).all
        var text: [UInt8] = []
        while text.count < 4_000 {
            let needle = needles[Int.random(in: needles.indices, using: &dice)]
            text += dice.bytes(Int.random(in: 0...60, using: &dice), of: all)
            text += Bool.random(using: &dice) ? needle : needle.dropLast()
            if Bool.random(using: &dice) { text += needle.prefix(7) + needle }
        }
        let expected = masked(text, hiding: needles)
        var masker = Masker(Needles(hiding: secrets))
        #expect(masker.output(of: [text]) == expected)
        for longest in [1, 7, 64, 1_000] {
            #expect(masker.output(of: dice.cut(text, longest: longest)) == expected)
        }
    }

    @Test("what may begin a needle is held back, and nothing else", arguments: 0..<60 as Range)
    func holding(seed: UInt64) {
        var dice = Dice(seed: seed)
        let letters = Array("ab".utf8)
        let secrets = [12, 9, 6].map { dice.bytes($0, of: letters) }
        let needles = Needles(hiding: secrets).all
        let text = dice.bytes(80, of: letters + Array(" ".utf8)) + secrets[0].dropLast()
        var masker = Masker(Needles(hiding: secrets))
        var read: [UInt8] = []
        for chunk in dice.cut(text, longest: 8) {
            read += chunk
            _ = masker.given(chunk)
            #expect(masker.heldBack <= heldBack(read, needles))
            if masked(read, hiding: needles) == read {
                #expect(masker.heldBack == heldBack(read, needles))
            }
        }
    }

    @Test func `a prompt without a line end is given out at once`() {
        var masker = Masker(Needles(hiding: [Array("hunter2".utf8)]))
        #expect(masker.given(Array("Password: ".utf8)) == Array("Password: ".utf8))
        #expect(masker.given(Array("hunt".utf8)) == [])
        #expect(masker.given(Array("ing".utf8)) == Array("hunting".utf8))
    }

    @Test func `with nothing to hide the chunk itself is given out`() {
        var masker = Masker(Needles(hiding: []))
        let chunk: [UInt8] = [0, 1, 2]
        var isSame = false
        unsafe chunk.withUnsafeBufferPointer { whole in
            masker.feed(chunk.span) { piece in
                unsafe piece.withUnsafeBufferPointer { same in
                    unsafe isSame = same.baseAddress == whole.baseAddress
                }
            }
        }
        #expect(isSame)
    }

    @Test func `a stream that is nothing but a secret becomes nothing but masks`() {
        let secret = Array("correct horse battery staple".utf8)
        var masker = Masker(Needles(hiding: [secret]))
        let chunks = (0..<1_000).map { _ in secret }
        #expect(masker.output(of: chunks) == Array(repeating: UInt8(ascii: "*"), count: 3_000))
    }

    @Test func `a secret longer than every chunk is hidden`() {
        var dice = Dice(seed: 1)
        let secret = dice.bytes(70_000, of: Array("0123456789abcdefghijklmnop".utf8))
        var masker = Masker(Needles(hiding: [secret]))
        let text = Array("<".utf8) + secret + Array(">".utf8)
        #expect(masker.output(of: dice.cut(text, longest: 4_096)) == Array("<***>".utf8))
    }
}
