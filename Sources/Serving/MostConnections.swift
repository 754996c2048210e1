import Glibc

/// How many connections an instance may have through its door, as far as open files go.
package enum MostConnections {
    /// Who comes in, and whom they speak with.
    private static let filesOfEach = 2
    /// For all else that a supervisor does, such as looking whether the instance is well: as many
    /// who come must not make it seem ill.
    private static let reserve = 200

    /// With as many files as this process may ever have.
    package static func allow() -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(files, &limit) == 0 else { return reserve }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(files, &limit)
        return max(reserve, Int(clamping: limit.rlim_max) - reserve) / filesOfEach
    }
}
