import Cryptography
import Pipelines
import SmallFiles
import Support
import Testing
import Vault

@Suite("Secrets at rest") struct VaultTests {
    let home: Folder

    init() throws { home = try Folder() }

    private func name(_ text: String) throws -> SecretName { try #require(SecretName(text)) }

    private func vault() throws -> Vault { try Vault.open(in: home.path) }

    private func problem(_ body: () throws -> Void) -> VaultError? {
        do {
            try body()
            return nil
        } catch { return error as? VaultError }
    }

    @Test(
        "a value comes back as it was given",
        arguments: [
            Array("hunter2".utf8), [0], Array(repeating: 255, count: Vault.maximumLength),
            Array("p4$$w0rd $(id) % \\ \" ' \n".utf8),
        ])
    func values(value: [UInt8]) throws {
        let key = try name("registry")
        #expect(try vault().set(key, to: value, at: 5).version == 1)
        #expect(try vault().value(of: key) == value)
    }

    @Test func `nothing readable of a value lies on the disk, and nothing is for others`() throws {
        let vault = try vault()
        _ = try vault.set(try name("a"), to: Array("correct horse".utf8), at: 5)
        let text = try home.text(of: "secrets/a.secret")
        #expect(!text.contains("correct"))
        #expect(!text.contains(Base64.text(of: Array("correct horse".utf8)).prefix(8)))
        #expect(try mode(of: home.file("secrets/a.secret")) == 0o600)
        #expect(try mode(of: home.file("secrets")) == 0o700)
        #expect(try mode(of: home.file("secrets.key")) == 0o600)
        #expect(SmallFile.names(in: home.file("secrets")) == ["a.secret"])
    }

    @Test func `the list has names, versions and dates, and removal ends both`() throws {
        let vault = try vault()
        let (first, second) = (try name("a"), try name("b@x.part"))
        _ = try vault.set(second, to: [1], at: 7)
        _ = try vault.set(first, to: [1], at: 5)
        _ = try vault.set(first, to: [2], at: 6)
        let entries = try vault.entries()
        #expect(entries.map(\.name) == [first, second])
        #expect(entries.map(\.version) == [2, 1])
        #expect(entries.map(\.set) == [6, 7])
        #expect(try vault.remove(first) == 2)
        #expect(try vault.entries().map(\.name) == [second])
        #expect(problem { _ = try vault.remove(first) }?.kind == .unknown)
        #expect(problem { _ = try vault.value(of: first) }?.kind == .unknown)
    }

    @Test("a value of no use is refused", arguments: [0, Vault.maximumLength + 1])
    func lengths(count: Int) throws {
        let vault = try vault()
        let key = try name("a")
        let value = Array(repeating: UInt8(1), count: count)
        #expect(problem { _ = try vault.set(key, to: value, at: 5) }?.kind == .invalid)
        #expect(try vault.entries().isEmpty)
    }

    @Test func `each changed letter of a file is noticed`() throws {
        let vault = try vault()
        let key = try name("a")
        _ = try vault.set(key, to: Array("value".utf8), at: 5)
        let whole = Array(try home.text(of: "secrets/a.secret").utf8)
        for place in whole.indices {
            var changed = whole
            changed[place] = changed[place] == UInt8(ascii: "0") ? 49 : 48
            guard changed != whole else { continue }
            try SmallFile.replace(home.file("secrets/a.secret"), with: changed)
            let found = problem { _ = try vault.value(of: key) }
            #expect(found?.kind == .damaged || found?.kind == .key, "at \(place)")
        }
        // It can still be set anew.
        _ = try vault.set(key, to: [1], at: 6)
        #expect(try vault.value(of: key) == [1])
    }

    @Test func `a secret's file is no other secret's`() throws {
        let vault = try vault()
        _ = try vault.set(try name("a"), to: [1], at: 5)
        _ = try vault.set(try name("b"), to: [2], at: 5)
        try home.write(try home.text(of: "secrets/a.secret"), to: "secrets/b.secret")
        let second = try name("b")
        #expect(problem { _ = try vault.value(of: second) }?.kind == .damaged)
    }

    @Test func `a key that is gone, of another house or open to others is told of`() throws {
        _ = try vault().set(try name("a"), to: [1], at: 5)
        let right = try home.text(of: "secrets.key")
        try SmallFile.remove(home.file("secrets.key"))
        #expect(
            problem { _ = try vault() }?.problem
                == "there are 1 secrets and no key '\(home.path)/secrets.key'")
        for wrong in ["", "zz", String(right.dropLast(3))] {
            try SmallFile.replace(home.file("secrets.key"), with: Array(wrong.utf8))
            #expect(problem { _ = try vault() }?.kind == .key)
        }
        try SmallFile.replace(
            home.file("secrets.key"), with: Array(String(repeating: "0", count: 64).utf8))
        let key = try name("a")
        #expect(problem { _ = try vault().value(of: key) }?.kind == .key)
        try SmallFile.replace(home.file("secrets.key"), with: Array(right.utf8), mode: 0o640)
        #expect(
            problem { _ = try vault() }?.problem
                == "others than its owner can read the key '\(home.path)/secrets.key'")
    }

    @Test func `a key outside has to be there, and is used`() throws {
        let outside = home.file("outside.key")
        #expect(
            problem { _ = try Vault.open(in: home.path, keyFile: outside) }?.hint
                == "make one: (umask 077; openssl rand -hex 32 > '\(outside)')")
        let digits = String(repeating: "ab", count: 32) + "\n"
        try SmallFile.replace(outside, with: Array(digits.utf8))
        let key = try name("a")
        _ = try Vault.open(in: home.path, keyFile: outside).set(key, to: [7], at: 5)
        #expect(try Vault.open(in: home.path, keyFile: outside).value(of: key) == [7])
        #expect(!SmallFile.names(in: home.path).contains("secrets.key"))
    }

    struct CutShort: Error {}

    @Test("a change of the key that is cut short is ended by the next start", arguments: 0...6)
    func rotation(end: Int) throws {
        let names = try ["a", "b", "c", "d", "e"].map(name)
        do {
            let vault = try vault()
            for (index, name) in names.enumerated() {
                _ = try vault.set(name, to: [UInt8(index)], at: Int64(index))
            }
            let before = try home.text(of: "secrets.key")
            // As far as the disk knows: a copy of the house as it was after the step.
            let copy = try Folder()
            try vault.rotate { number in
                if number == end { try? Self.copy(home, to: copy) }
            }
            #expect(try home.text(of: "secrets.key") != before)
            for place in [home, copy] {
                let opened = try Vault.open(in: place.path)
                for (index, name) in names.enumerated() {
                    #expect(try opened.value(of: name) == [UInt8(index)])
                }
                #expect(try opened.entries().map(\.set) == [0, 1, 2, 3, 4])
                #expect(try opened.entries().allSatisfy { $0.version == 1 })
                #expect(try place.text(of: "secrets.key") == home.text(of: "secrets.key"))
                #expect(SmallFile.names(in: place.path).sorted() == ["secrets", "secrets.key"])
                for name in names {
                    #expect(
                        try place.text(of: "secrets/\(name).secret").split(separator: "\n")[3]
                            == home.text(of: "secrets/a.secret").split(separator: "\n")[3])
                }
            }
        }
    }

    private static func copy(_ from: Folder, to: Folder) throws {
        _ = try Vault.open(in: to.path)
        for name in SmallFile.names(in: from.path) where name != "secrets" {
            try SmallFile.replace(to.file(name), with: try SmallFile.bytes(of: from.file(name)))
        }
        for name in SmallFile.names(in: from.file("secrets")) {
            try SmallFile.replace(
                to.file("secrets/\(name)"),
                with: try SmallFile.bytes(of: from.file("secrets/\(name)")))
        }
    }

    @Test func `a key is not changed while a secret cannot be read with it`() throws {
        let vault = try vault()
        _ = try vault.set(try name("a"), to: [1], at: 5)
        _ = try vault.set(try name("b"), to: [2], at: 5)
        let before = try home.text(of: "secrets.key")
        try home.write("rubbish", to: "secrets/b.secret")
        #expect(problem { try vault.rotate() }?.kind == .damaged)
        #expect(try home.text(of: "secrets.key") == before)
        #expect(try vault.value(of: try name("a")) == [1])
        #expect(!SmallFile.names(in: home.path).contains("secrets.key.next"))
    }

    @Test func `whoever shares the vault sees the new key at once`() throws {
        let vault = try vault()
        let key = try name("a")
        _ = try vault.set(key, to: [1], at: 5)
        try vault.rotate()
        #expect(try vault.value(of: key) == [1])
        #expect(try vault.set(key, to: [2], at: 6).version == 2)
        #expect(try Vault.open(in: home.path).value(of: key) == [2])
    }
}
