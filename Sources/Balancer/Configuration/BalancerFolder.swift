import SmallFiles

/// Where one HAProxy has its files. The folder has to be its owner's alone: whoever may write
/// there decides where requests go.
package struct BalancerFolder: Hashable, Sendable {
    package let path: String

    /// The path stands in a configuration and in an argument, and a socket's is short.
    package init(_ path: String) throws(BalancerProblem) {
        guard path.hasPrefix("/"), path.utf8.count <= 90,
            path.utf8.allSatisfy({ $0.isLetterOrDigit || "-_./".utf8.contains($0) })
        else {
            throw .badText(
                what: "the folder of HAProxy", text: path,
                allowed: "a whole path of at most 90 of A-Z, a-z, 0-9, '-', '_', '.' and '/'")
        }
        self.path = path
    }

    package var configuration: String { "\(path)/haproxy.cfg" }
    package var socket: String { "\(path)/haproxy.sock" }
    var state: String { "\(path)/servers" }

    /// What starts it, after `write`. It stays with whoever starts it; its workers end with it.
    package func command(program: String = "/usr/sbin/haproxy") -> [String] {
        [program, "-W", "-db", "-f", configuration, "-S", "\(socket),mode,600"]
    }

    /// For a HAProxy that is to be started. What a former one knew of servers is not true any more.
    package func write(_ configuration: BalancerConfiguration) throws(BalancerProblem) {
        // Nothing but the version of its form.
        try put(configuration, serverState: "1\n")
    }

    func put(
        _ configuration: BalancerConfiguration, serverState: String
    ) throws(BalancerProblem) {
        try replace(state, with: serverState)
        try replace(self.configuration, with: configuration.text(stateFile: state))
    }

    private func replace(_ path: String, with text: String) throws(BalancerProblem) {
        do throws(FileProblem) {
            try SmallFile.replace(path, with: Array(text.utf8))
        } catch { throw .file(path: path, problem: "\(error)") }
    }
}
