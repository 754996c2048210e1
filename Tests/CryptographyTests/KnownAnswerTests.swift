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

    @Test("hex that is none is refused", arguments: ["a", "zz", "0x", "AA"])
    func badHex(text: String) {
        #expect(Hex.bytes(of: text) == nil)
    }
}
