import Glibc
import Sandbox
import Support
import Testing

@Suite("Homes of control groups") struct GroupHomeTests {
    private static let mount = "/sys/fs/cgroup"

    private static func home(_ path: String, from shared: String? = nil) -> GroupHome {
        GroupHome(path: "\(mount)\(path)", shared: "\(mount)\(shared ?? path)")
    }

    private static let root = GroupHome(path: mount, shared: mount, isOnlyIfGiven: false)

    @Test(
        "are looked for from where a process is",
        arguments: [
            (
                "0::/slipway.slice/slipway.service\n",
                [
                    home("/slipway.slice"),
                    home("/slipway.slice/slipway-actions.service", from: "/slipway.slice"), root,
                ]
            ),
            // One that has made way for its own groups finds its home around it.
            (
                "0::/user.slice/run-1.scope/house\n",
                [
                    home("/user.slice/run-1.scope/house"), home("/user.slice/run-1.scope"),
                    home(
                        "/user.slice/run-1.scope/slipway-actions.service",
                        from: "/user.slice/run-1.scope"), root,
                ]
            ),
            // `DelegateSubgroup=`, as systemd has it since 254.
            (
                "0::/one.service/server\n",
                [
                    home("/one.service/server"), home("/one.service"),
                    home("/one.service/slipway-actions.service", from: "/one.service"), root,
                ]
            ),
            // Both versions at once.
            (
                "5:memory:/a\n1:name=systemd:/b\n0::/c:d\n",
                [home("/c:d"), home(""), home("/slipway-actions.service", from: ""), root]
            ),
            ("0::/\n", [home(""), root]),
            // Seen from a namespace that it is not in.
            ("0::/../other.service\n", [root]),
            ("0::/..\n", [root]),
            ("5:memory:/a\n", [root]),
            ("", [root]),
            ("0:\nnonsense", [root]),
        ] as [(String, [GroupHome])])
    func candidates(groups: String, homes: [GroupHome]) {
        #expect(GroupHome.all(for: groups, below: Self.mount) == homes)
    }

    @Test(
        "of the first version are told by the controller",
        arguments: [
            ("memory", "/m"), ("cpu", "/c"), ("cpuacct", "/c"), ("pids", nil), ("0", "/u"),
        ] as [(String, String?)])
    func first(controller: String, group: String?) {
        let groups = "7:memory:/m\n3:cpu,cpuacct:/c\n0::/u\n"
        #expect(GroupHome.group(of: controller, in: groups) == group)
    }

    /// A fake: files like any others stand in for the kernel's. What the kernel does with them is
    /// seen by `scripts/check-unit`, on a machine of its own.
    @Test(
        "are not touched where they were not given, nor left full where they are of no use",
        arguments: [true, false])
    func refused(isOnlyIfGiven: Bool) throws {
        let folder = try Folder()
        try folder.write("cpu memory pids\n", to: "cgroup.controllers")
        try folder.write("", to: "cgroup.procs")
        try folder.write("", to: "cgroup.subtree_control")
        let home = GroupHome(
            path: folder.path, shared: folder.path, isOnlyIfGiven: isOnlyIfGiven)
        #expect(ControlGroup.place(in: home) == nil)
        #expect(unsafe access(folder.file("slipway"), F_OK) != 0)
        let wanted = try folder.text(of: "cgroup.subtree_control")
        #expect(wanted == (isOnlyIfGiven ? "" : "+cpu +memory +pids"))
    }

    @Test func `of a server's actions are of the unit that is installed`() throws {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        let repository = parts.dropLast(3).joined(separator: "/")
        let unit = "\(repository)/packaging/\(GroupHome.unit)"
        #expect(unsafe access(unit, R_OK) == 0)
    }
}
