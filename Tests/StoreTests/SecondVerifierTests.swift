import FoundationEssentials
import Store
import Support
import Testing

/// The verifier in docs/, which shares no code with ours, says the same of the same exports.
@Suite("The second verifier") struct SecondVerifierTests {
    static let program =
        String(#filePath.dropLast("Tests/StoreTests/SecondVerifierTests.swift".count))
        + "docs/verify-audit.py"

    /// How an export is bent, and what both have to say of it.
    struct Bending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: Tampering?
        let bend: @Sendable (Folder) throws -> Void
    }

    static let bendings = [
        Bending(testDescription: "nothing", expected: nil) { _ in },
        Bending(testDescription: "a changed byte", expected: .altered) { folder in
            let text = try folder.text(of: "export/records.log")
            try folder.write(text.replacing("lost", with: "last"), to: "export/records.log")
        },
        Bending(testDescription: "a line taken out", expected: .gap) { folder in
            var lines = try folder.text(of: "export/records.log").split(separator: "\n")
            lines.remove(at: 400)
            try folder.write(lines.joined(separator: "\n") + "\n", to: "export/records.log")
        },
        Bending(testDescription: "the end cut off", expected: .cutOff) { folder in
            let lines = try folder.text(of: "export/records.log").split(separator: "\n").prefix(900)
            try folder.write(lines.joined(separator: "\n") + "\n", to: "export/records.log")
        },
        Bending(testDescription: "another key's checkpoints", expected: .forged) { folder in
            let line = try folder.text(of: "export/checkpoints.log")
            let other = line.split(separator: " ").map(String.init)
            let signature = String(repeating: "ab", count: 64) + "\n"
            let bent = (other.prefix(6) + [signature]).joined(separator: " ")
            try folder.write(bent, to: "export/checkpoints.log")
        },
    ]

    @Test("agrees about", arguments: bendings)
    func agrees(bending: Bending) throws {
        let victim = try TamperingTests.Victim(1_200)
        let target = victim.folder.file("export")
        _ = try Audit.export(home: victim.folder.path, to: target)
        try bending.bend(victim.folder)
        let said = try Program.run(["/usr/bin/python3", Self.program, target])
        switch try Audit.verify(export: target, key: nil, witness: nil) {
        case .clean(let report):
            #expect(bending.expected == nil)
            #expect(said.code == 0)
            #expect(said.output == "clean: 1200 records, head \(report.hash)\n")
        case .tampered(let fault):
            #expect(fault.kind == bending.expected)
            #expect(said.code == 1)
            #expect(
                said.output == "tampered with: \(fault.kind.rawValue) at record \(fault.sequence)\n"
            )
        }
    }
}
