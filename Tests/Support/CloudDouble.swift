import Glibc

/// A double of ECS and CodeDeploy, and not AWS: nothing that can be had here carries deployments
/// out. `double.py` says what it does; each question to it is checked against botocore's models.
package final class CloudDouble: Sendable {
    package let port: UInt16
    private let program: HeldProgram
    private let folder: Folder

    package enum Controller: String, Sendable {
        case ecs = "ECS"
        case codeDeploy = "CODE_DEPLOY"
        /// There is no service yet.
        case none = "NONE"
    }

    /// `python` is one that has botocore.
    package init(_ controller: Controller, python: String) throws {
        folder = try Folder()
        let pipe = folder.file("port")
        guard unsafe mkfifo(pipe, 0o600) == 0 else { throw Program.Failed(code: errno) }
        let script = #filePath.replacing("CloudDouble.swift", with: "CloudDouble/double.py")
        program = try HeldProgram(
            [python, script, controller.rawValue, pipe], output: folder.file("output"))
        let told = try Program.run(["/usr/bin/timeout", "60", "/bin/cat", pipe]).output
        guard let port = UInt16(told) else {
            throw Silent(words: (try? folder.text(of: "output")) ?? "")
        }
        self.port = port
    }

    private struct Silent: Error { let words: String }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// What it was asked and has done, in JSON: `begun`, `current`, `problems`, `images`, `calls`.
    package var seen: String {
        get throws {
            let socket = try TestSocket(to: port)
            socket.send("GET /double HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let text = socket.receiveToEnd()
            return String(text.split(separator: "\r\n\r\n", maxSplits: 1).last ?? "")
        }
    }
}
