import Glibc
import Sandbox
import Support
import Testing

@Suite("Sweeping control groups") struct ControlGroupTests {
    /// Folders like any others are good enough: only their names and their being empty count.
    @Test func `takes those of dead supervisors, and not one that is only just made`() throws {
        let folder = try Folder()
        let dead = try Program.run(["/bin/sh", "-c", "echo $$"]).output
        let names = [
            ControlGroup.name(of: getpid()), "attempt-\(dead.prefix { $0 != "\n" })", "attempt-x",
            "other",
        ]
        for name in names { #expect(unsafe mkdir(folder.file(name), 0o755) == 0) }
        ControlGroup.sweep([
            .init(version: .first, controllers: ["memory"], path: folder.path)
        ])
        let left = names.filter { name in unsafe access(folder.file(name), F_OK) == 0 }
        #expect(left == [names[0], "attempt-x", "other"])
    }
}
