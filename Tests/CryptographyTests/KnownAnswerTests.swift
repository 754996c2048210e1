import Cryptography
import Testing

@Suite("Known answers") struct KnownAnswerTests {
    /// From FIPS 180-4's examples.
    @Test(
        "SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func hash(text: String, digest: String) {
        #expect(SHA256.hex(of: Array(text.utf8)) == digest)
        var inPieces = SHA256()
        for character in text { inPieces.update(String(character)) }
        #expect(inPieces.hex() == digest)
    }

    struct Signature {
        let seed: String
        let publicKey: String
        let message: String
        let signature: String
    }

    /// From RFC 8032, section 7.1.
    static let signatures = [
        Signature(
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Signature(
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ]

    @Test("Ed25519", arguments: signatures.indices)
    func sign(index: Int) throws {
        let known = Self.signatures[index]
        let key = try #require(Hex.bytes(of: known.seed).flatMap(SigningKey.init(seed:)))
        let message = try #require(Hex.bytes(of: known.message))
        let verifying = try key.publicKey()
        #expect(Hex.text(of: verifying.bytes) == known.publicKey)
        let signature = try key.sign(message)
        #expect(Hex.text(of: signature) == known.signature)
        #expect(verifying.isValid(signature, for: message))
        #expect(!verifying.isValid(signature, for: message + [0]))
        #expect(!verifying.isValid([], for: message))
        var changed = signature
        changed[5] ^= 1
        #expect(!verifying.isValid(changed, for: message))
    }

    /// From RFC 4231, and from GitHub's page on deliveries.
    @Test(
        "HMAC with SHA-256",
        arguments: [
            (
                String(repeating: "0b", count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Hex.text(of: Array("Jefe".utf8)), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                String(repeating: "aa", count: 131),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                Hex.text(of: Array("It's a Secret to Everybody".utf8)), "Hello, World!",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ),
            (
                "", "",
                "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
            ),
        ])
    func authenticate(key: String, message: String, code: String) throws {
        let key = try #require(Hex.bytes(of: key))
        #expect(Hex.text(of: HMAC.sha256(Array(message.utf8), key: key)) == code)
    }

    @Test func `HMAC with SHA-1 is that of RFC 2202`() {
        let code = HMAC.sha1(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(Hex.text(of: code) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    }

    struct Sealed {
        let key: String
        let nonce: String
        let plain: String
        let context: String
        let sealed: String
    }

    /// Test cases 13, 14 and 16 of the GCM specification.
    static let sealings = [
        Sealed(
            key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24),
            plain: "", context: "", sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
        Sealed(
            key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24),
            plain: String(repeating: "0", count: 32), context: "",
            sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        Sealed(
            key: String(repeating: "feffe9928665731c6d6a8f9467308308", count: 2),
            nonce: "cafebabefacedbaddecaf888",
            plain: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            context: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    @Test("AES-256-GCM", arguments: sealings.indices)
    func seal(index: Int) throws {
        let known = Self.sealings[index]
        let key = try #require(Hex.bytes(of: known.key))
        let nonce = try #require(Hex.bytes(of: known.nonce))
        let context = try #require(Hex.bytes(of: known.context))
        let plain = try #require(Hex.bytes(of: known.plain))
        let sealed = try Sealing.seal(plain, key: key, nonce: nonce, boundTo: context)
        #expect(Hex.text(of: sealed) == known.sealed)
        #expect(try Sealing.open(sealed, key: key, nonce: nonce, boundTo: context) == plain)
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(throws: CryptographyError.self) {
                try Sealing.open(changed, key: key, nonce: nonce, boundTo: context)
            }
        }
        #expect(throws: CryptographyError.self) {
            try Sealing.open(sealed, key: key, nonce: nonce, boundTo: context + [0])
        }
        #expect(throws: CryptographyError.self) {
            try Sealing.open(Array(sealed.prefix(15)), key: key, nonce: nonce, boundTo: context)
        }
    }

    /// From RFC 4648, section 10.
    @Test(
        "Base64",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func letters(plain: String, text: String) {
        #expect(Base64.text(of: Array(plain.utf8)) == text)
        #expect(Base64.bytes(of: text) == Array(plain.utf8))
    }

    @Test(
        "Base64 that could have been written otherwise is refused",
        arguments: ["Zg", "Zg=", "Zh==", "Z", "Zm9v\n", "Zm-v", "Zm9v====", "=", "Zg==Zg=="])
    func badLetters(text: String) {
        #expect(Base64.bytes(of: text) == nil)
    }

    @Test(
        "equal bytes are told from others",
        arguments: [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "aa", false)])
    func compare(left: String, right: String, areEqual: Bool) {
        #expect(ConstantTime.areEqual(Array(left.utf8), Array(right.utf8)) == areEqual)
    }

    @Test func `random bytes are not the same twice, and are gone when wiped`() throws {
        var bytes = try RandomBytes.make(32)
        #expect(try RandomBytes.make(32) != bytes)
        bytes.wipe()
        #expect(bytes == Array(repeating: 0, count: 32))
        #expect(try RandomBytes.make(0) == [])
    }

    @Test("hex that is none is refused", arguments: ["a", "zz", "0x", "AA"])
    func badHex(text: String) {
        #expect(Hex.bytes(of: text) == nil)
    }
}
