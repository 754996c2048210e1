import Glibc
import Logs
import Support
import Testing

/// A log on a disk of 64 KiB, which only root can make.
@Suite("A log on a full disk", .enabled(if: getuid() == 0, "only root can make so small a disk"))
struct LogRoomTests {
    private let sample: Sample
    private let place: LogPlace

    init() throws {
        sample = try Sample()
        try sample.folder.write("", to: "log")
        place = LogPlace(sample.folder.file("disk/log"))
        _ = try shell("mkdir disk; mount -t tmpfs -o size=64k small disk")
    }

    private func shell(_ script: String) throws -> String {
        let said = try Program.run(["/bin/sh", "-euc", "cd '\(sample.folder.path)'; " + script])
        try #require(said.code == 0, "\(said.errors)")
        return said.output
    }

    private func unmount() { _ = try? shell("umount disk") }

    @Test func `waits for room, and then has all that was printed`() throws {
        defer { unmount() }
        var log = try LogWriter.create(place, limit: nil, waitsForRoom: true)
        _ = try shell("head -c 40000 /dev/zero > disk/other")
        let text = Sample.lines(1_000)
        log.append(text.span)
        try log.flush(at: 0)
        var isWaiting = log.isWaiting
        let (kept, dropped) = (log.kept, log.dropped)
        #expect(isWaiting && kept == text.count && dropped == 0)
        try log.flush(at: 100)
        isWaiting = log.isWaiting
        #expect(isWaiting)
        _ = try shell("rm disk/other")
        try log.flush(at: 200)
        isWaiting = log.isWaiting
        #expect(!isWaiting)
        let totals = log.close(at: 300)
        #expect(totals == LogTotals(kept: text.count, dropped: 0, failure: nil))
        #expect(try Sample.bytes(of: place.plain) == text)
        var reader = try LogReader.open(place)
        #expect(try reader.index().isClosed)
    }

    @Test func `says what is missing when nobody waits any longer`() throws {
        defer { unmount() }
        var log = try LogWriter.create(place, limit: nil, waitsForRoom: true)
        _ = try shell("head -c 40000 /dev/zero > disk/other")
        let text = Sample.lines(1_000)
        log.append(text.span)
        try log.flush(at: 0)
        log.giveUp()
        log.append("more")
        let dropped = log.dropped
        _ = try shell("rm disk/other")
        let totals = log.close(at: 100)
        #expect(totals.failure?.kind == .full)
        #expect(totals.kept + dropped == text.count + 4)
        let end = "… \(dropped) bytes more were not kept: No space left on device\n"
        let there = try Sample.bytes(of: place.plain)
        #expect(there.starts(with: text.prefix(totals.kept)))
        #expect(String(decoding: there.suffix(end.utf8.count), as: UTF8.self) == end)
    }
}
