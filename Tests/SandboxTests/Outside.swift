import Attempts
import FoundationEssentials
import Glibc
import Support

/// Attempts with network `outbound`, beside a world of their own that `World/world.py` makes.
enum Outside {
    /// Root needs no right to the device; the supervisor makes another.
    static let isPossible: Bool = {
        if getuid() == 0 { return true }
        return unsafe access("/dev/net/tun", R_OK | W_OK) == 0
    }()

    private static let world =
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "World/world.py")
        .path()

    static func attempting(_ script: String) throws -> Attempting {
        var attempting = try Attempting(script)
        attempting.spec.network = .outbound
        return attempting
    }

    /// Tries to reach each address or name from a sandbox, and gives back a line for each.
    static func run(
        _ addresses: [String], blocked: [String] = []
    ) throws -> (report: AttemptReport, lines: [String]) {
        let script = """
            python3 - \(addresses.joined(separator: " ")) <<'END'
            import errno, socket, sys
            for address in sys.argv[1:]:
                try:
                    line = socket.create_connection((address, 7777), timeout=5)
                    said = "reached" if line.recv(5) == b"here\\n" else "silent"
                except OSError as error:
                    said = errno.errorcode.get(error.errno, repr(error))
                print(address, said)
            END
            """
        var attempting = try attempting(script)
        attempting.spec.blocked = blocked
        try attempting.prepare()
        try run(attempting, after: "true", network: true)
        let log = try attempting.log()
        return (try attempting.report(), log.split(separator: "\n").map(String.init))
    }

    /// Runs the supervisor in namespaces of the test's own, after a command that is root there.
    static func run(_ attempting: Attempting, after command: String, network: Bool) throws {
        let isRoot = getuid() == 0
        var words = ["/usr/bin/unshare", "--mount"]
        if !isRoot { words += ["--user", "--map-root-user"] }
        if network { words.append("--net") }
        words += ["/bin/sh", "-euc", "\(command); exec \"$@\"", "sh"]
        if network {
            words += ["python3", world, "\(getuid())"]
        } else if !isRoot {
            words += ["unshare", "--user", "--map-user=\(getuid())", "--map-group=\(getgid())"]
        }
        words += [Attempting.supervisor, attempting.attempt.path]
        let errand = Errand(folder: attempting.attempt, secrets: []).fields.bytes
        let result = try Program.run(words, input: String(decoding: errand, as: UTF8.self))
        guard result.code == 0, !network || result.output.contains("reaches all of them") else {
            throw Failed(description: "no world: \(result.code) \(result.output)\(result.errors)")
        }
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    static func children(of process: Int32) -> [Int32] {
        text("/proc/\(process)/task/\(process)/children").split(separator: " ").compactMap {
            Int32($0)
        }
    }

    static func name(_ process: Int32) -> String {
        String(text("/proc/\(process)/comm").dropLast())
    }

    /// How many are in a network namespace, by the name that the kernel gives it.
    static func processes(in network: String) -> Int {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.count { name in
            let link = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(name)/ns/net")
            return link == network
        }
    }

    /// How many live in sessions that these have begun. Whoever is dead and not yet taken note of
    /// is of no matter.
    static func processes(inSessionsOf first: [Int32]) -> Int {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.count { name in
            // After the name, which may hold anything: state, parent, group, session.
            let words = text("/proc/\(name)/stat").split(separator: ")").last?
                .split(separator: " ")
            guard let words, words.count > 3, let session = Int32(words[3]) else { return false }
            return words[0] != "Z" && first.contains(session)
        }
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
