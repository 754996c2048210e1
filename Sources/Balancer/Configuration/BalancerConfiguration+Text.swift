extension BalancerConfiguration {
    /// As HAProxy reads it. All that is not written here is checked before: names, paths and
    /// addresses are single words.
    func text(stateFile: String) -> String {
        (global(stateFile) + defaults + frontends.flatMap(lines) + backends.flatMap(lines))
            .joined(separator: "\n") + "\n"
    }

    private func global(_ stateFile: String) -> [String] {
        let account = account.map { ["    gid \($0.group)", "    uid \($0.user)"] } ?? []
        return [
            "global", "    server-state-file '\(stateFile)'",
            "    hard-stop-after \(patience.stopping.milliseconds)ms",
        ] + account
    }

    /// A server that cannot be connected to, or hangs up without a word, has another one asked;
    /// the latter only where asking twice does no harm. After a reload, connections without a
    /// request are not cut, because the next one may be on its way.
    private var defaults: [String] {
        [
            "defaults", "    mode http", "    balance roundrobin", "    option forwardfor",
            "    option redispatch 1", "    retries 3",
            "    retry-on conn-failure empty-response",
            "    option idle-close-on-response",
            "    load-server-state-from-file global",
        ]
            + [
                ("connect", patience.connect), ("client", patience.client),
                ("server", patience.server), ("http-request", patience.request),
                ("http-keep-alive", patience.keptAlive), ("tunnel", patience.tunnel),
            ].map { "    timeout \($0) \($1.milliseconds)ms" }
    }

    private func lines(of frontend: Frontend) -> [String] {
        ["frontend \(frontend.name)"] + frontend.binds.map { "    bind \($0)" } + [
            "    http-request disable-l7-retry unless METH_GET",
            "    default_backend \(frontend.backend)",
        ]
    }

    private func lines(of backend: Backend) -> [String] {
        let check = backend.check.map { check in
            [
                "    option httpchk",
                "    http-check send meth GET uri \(check.path) ver HTTP/1.1 "
                    + "hdr Host \(check.host)",
                "    http-check expect status "
                    + "\(check.statuses.lowerBound)-\(check.statuses.upperBound)",
            ]
        }
        let servers = backend.servers.map { server in
            let member = server.member
            let check = backend.check.map { " \($0.words)" } ?? ""
            return "    server \(member.name) \(member.endpoint) weight \(server.weight)\(check)"
        }
        return ["backend \(backend.name)"] + (check ?? []) + servers
    }
}
