import Addresses
import Messengers
import Glibc
import Notices
import SmallFiles
import Support
import Testing
import Threads
import Webhooks

@Suite("Carriers") struct CarrierTests {
    let parcel = Parcel(id: "team-7", time: 1_614_265_330, body: Array(#"{"event":"failed"}"#.utf8))
    /// Rung by nobody until a test does.
    let never: Bell

    init() throws { never = try Bell() }

    private func webhook(
        _ port: UInt16, secret: String? = "s3cret", addresses: AddressPolicy = .anywhere
    ) -> WebhookCarrier {
        WebhookCarrier(
            to: "http://127.0.0.1:\(port)/hook/s3cretpath", addresses: addresses,
            secret: { secret.map { Array($0.utf8) } })
    }

    /// What a receiver got, when it answers so.
    private func exchange(_ answer: String) throws -> (String, Patience.Reception?) {
        let listener = try TestListener()
        let carrier = webhook(listener.port)
        let sending = try Beside { [parcel, never] in
            carrier.carry(parcel, interrupt: never)
        }
        let socket = try listener.next()
        let request = socket.receive(until: #"{"event":"failed"}"#)
        socket.send(answer)
        socket.finish()
        return (request, try sending.result().flatMap(\.self))
    }

    @Test func `a webhook is told by POST, signed for this receiver and this moment`() throws {
        let (request, reception) = try exchange("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(reception == .taken)
        let lines = request.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "POST /hook/s3cretpath HTTP/1.1")
        #expect(lines.contains("Content-Type: application/json"))
        #expect(!request.contains("s3cret\""))
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstRange(of: ": ") else { return nil }
            return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
        }
        // Whoever verifies what GitLab sends verifies what we send.
        let secret = try #require(HookSecret(Array("s3cret".utf8)))
        let hook = try Webhook.verify(
            .gitlab, headers: headers, body: parcel.body, secrets: [secret], now: parcel.time)
        #expect(hook.id == "team-7")
    }

    @Test(
        "what a receiver answers decides whether it is tried again",
        arguments: [
            ("200 OK", 0), ("500 No", 2), ("503 Busy", 2), ("429 Slower", 2), ("404 None", 1),
            ("400 Bad", 1), ("302 Found\r\nLocation: http://127.0.0.1/", 1),
        ])
    func answers(status: String, kind: Int) throws {
        let (_, reception) = try exchange("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
        switch reception {
        case .taken: #expect(kind == 0)
        case .rejected(let problem):
            #expect(kind == 1)
            #expect(problem.hasPrefix("http://127.0.0.1:") && !problem.contains("s3cretpath"))
        case .failed(let problem):
            #expect(kind == 2)
            #expect(!problem.contains("s3cretpath"))
        case nil: Issue.record("it was interrupted")
        }
    }

    @Test func `a receiver that is not there, or says nothing of use, is tried again`() throws {
        let port = try TestListener().port
        guard case .failed(let problem)? = webhook(port).carry(parcel, interrupt: never)
        else {
            Issue.record("nobody was there")
            return
        }
        #expect(problem.hasPrefix("http://127.0.0.1:\(port): ") && !problem.contains("s3cretpath"))
        guard case .failed? = try exchange("").1 else {
            Issue.record("it said nothing")
            return
        }
    }

    @Test func `a receiver that says how it is and then talks on has said it`() throws {
        let long = String(repeating: "x", count: 100_000)
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n\(long)"
        #expect(try exchange(answer).1 == .taken)
    }

    @Test func `an address of this machine is refused unless it is allowed`() throws {
        let listener = try TestListener()
        let carrier = webhook(listener.port, addresses: AddressPolicy())
        guard case .failed(let problem)? = carrier.carry(parcel, interrupt: never) else {
            Issue.record("it was sent")
            return
        }
        #expect(problem.contains("127.0.0.1 is an address of this machine itself"))
    }

    @Test("nothing is sent unsigned", arguments: [nil, "", "\n"] as [String?])
    func unsigned(secret: String?) throws {
        let reception = webhook(1, secret: secret).carry(parcel, interrupt: never)
        #expect(
            reception
                == .failed("there is no secret to sign with; set it, and not an empty one"))
    }

    @Test func `a house that goes down does not wait for a receiver`() throws {
        let listener = try TestListener()
        let carrier = webhook(listener.port)
        let sending = try Beside { [parcel, never] in
            carrier.carry(parcel, interrupt: never)
        }
        let socket = try listener.next()
        _ = socket.receive(until: "failed")
        never.ring()
        #expect(try sending.result() == .some(nil))
    }

    @Test func `a program is told on its standard input, and has nothing else of ours`() throws {
        let folder = try Folder()
        let told = folder.file("told")
        let script = "cat > \"$1\"; echo; { pwd; ls /proc/self/fd | wc -l; } >> \"$1\"; cat <&0"
        let carrier = CommandCarrier(["/bin/sh", "-c", script, "sh", told])
        #expect(carrier.carry(parcel, interrupt: never) == .taken)
        let text = try folder.text(of: "told")
        let lines = text.split(separator: "\n")
        #expect(lines.first == #"{"event":"failed"}"#)
        #expect(lines.dropFirst().first == "/")
        // Three of its own, and the folder that `ls` reads.
        #expect(lines.last.map { $0.split(separator: " ").joined() } == "4")
    }

    @Test func `a program's environment is empty`() throws {
        let folder = try Folder()
        let told = folder.file("told")
        let carrier = CommandCarrier([
            "/bin/sh", "-c", "tr '\\0' '\\n' < /proc/self/environ > \"$1\"", "sh", told,
        ])
        #expect(carrier.carry(parcel, interrupt: never) == .taken)
        let lines = try folder.text(of: "told").split(separator: "\n")
        // A shell sets these by itself.
        let names = Set(lines.map { line in String(line.prefix { $0 != "=" }) })
        #expect(names.isSubset(of: ["PWD", "OLDPWD", "SHLVL", "_"]))
    }

    @Test(
        "a program that fails is tried again, and says how",
        arguments: [
            (["/bin/sh", "-c", "exit 3"], "'/bin/sh' ended with exit code 3"),
            (["/bin/sh", "-c", "kill -9 $$"], "'/bin/sh' was ended by signal 9"),
            (["/no/such"], "cannot run '/no/such': No such file or directory"),
        ])
    func failing(words: [String], problem: String) {
        #expect(
            CommandCarrier(words).carry(parcel, interrupt: never) == .failed(problem))
    }

    @Test func `a program that takes too long is ended with all that it has started`() throws {
        let folder = try Folder()
        let pipe = folder.file("pipe")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        // Both hold the pipe open for as long as they live.
        let script = "exec 9<> \"$1\"; cat <&9 & cat <&9"
        let carrier = CommandCarrier(
            ["/bin/sh", "-c", script, "sh", pipe], patience: .milliseconds(300))
        #expect(
            carrier.carry(parcel, interrupt: never)
                == .failed("'/bin/sh' took longer than 300ms"))
        // Nobody else has it open any more, or will not in a moment.
        var waited = pollfd(fd: reader, events: 0, revents: 0)
        #expect(unsafe poll(&waited, 1, 20_000) == 1)
        #expect(waited.revents & Int16(POLLHUP) != 0)
    }

    @Test func `a house that goes down does not wait for a program`() throws {
        never.ring()
        let carrier = CommandCarrier(["/bin/cat", "/dev/zero"])
        #expect(carrier.carry(parcel, interrupt: never) == nil)
    }
}
