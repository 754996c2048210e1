import Glibc

/// A Prometheus of this machine, with nothing in it, that ends with the test.
package final class TestPrometheus {
    /// Where it answers, a moment after it was begun.
    package let address: String
    private let folder: Folder
    private let program: HeldProgram

    package init() throws {
        folder = try Folder()
        let host = UInt32.random(in: 0x01_0000...0xFD_FFFF)
        let place = "127.\(host >> 16).\(host >> 8 & 0xFF).\(host & 0x7F | 1):9090"
        address = "http://\(place)"
        try folder.write("global: {}\n", to: "prometheus.yml")
        program = try HeldProgram(
            [
                "prometheus", "--config.file=\(folder.path)/prometheus.yml",
                "--storage.tsdb.path=\(folder.path)/data", "--web.listen-address=\(place)",
            ], output: "\(folder.path)/log")
    }
}
