import Glibc
import SmallFiles

/// What the kernel knows of the server's own process, under the names that all programs use.
enum ProcessFigures {
    /// Empty where the kernel does not tell.
    static var text: String {
        guard let line = try? SmallFile.text(of: "/proc/self/stat"),
            // The name of the program may have anything in it but ends with the last ')'.
            let end = line.lastIndex(of: ")")
        else { return "" }
        // From the third field on, as proc(5) numbers them.
        let fields = line[end...].split(separator: " ").dropFirst().map { Int($0) ?? 0 }
        guard fields.count > 21 else { return "" }
        let ticks = max(1, sysconf(Int32(_SC_CLK_TCK)))
        let page = sysconf(Int32(_SC_PAGESIZE))
        let spent = (fields[11] + fields[12]) * 1_000 / ticks
        let seconds = "\(spent / 1_000).\(String(spent % 1_000 + 1_000).dropFirst())"
        return
            Figures.heading("process_cpu_seconds_total", "counter", "Time of processors spent.")
            + "process_cpu_seconds_total \(seconds)\n"
            + Figures.one("process_threads", "gauge", "Threads.", fields[17])
            + Figures.one(
                "process_start_time_seconds", "gauge", "When it was started, since 1970.",
                booted + fields[19] / ticks)
            + Figures.one(
                "process_virtual_memory_bytes", "gauge", "Addresses that are in use.", fields[20])
            + Figures.one(
                "process_resident_memory_bytes", "gauge", "Memory that is in use.",
                fields[21] * page)
            + Figures.one(
                "process_open_fds", "gauge", "Open files.",
                SmallFile.names(in: "/proc/self/fd").count)
            + Figures.one("process_max_fds", "gauge", "How many files may be open.", mostFiles)
    }

    private static var mostFiles: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return 0
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// In seconds since 1970.
    private static var booted: Int {
        let lines = (try? SmallFile.text(of: "/proc/stat"))?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("btime ") }
        return line.flatMap { Int($0.dropFirst("btime ".count)) } ?? 0
    }
}
