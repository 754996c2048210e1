package import Attempts
import CLaunch
import Glibc

/// The commands of one attempt, running in their sandbox.
package struct Launch: ~Copyable {
    /// Bubblewrap, which watches the sandbox and ends with it.
    package let process: Int32
    package let descriptor: Int32
    /// What they print, both streams in one, in order.
    package let output: Int32
    /// Where bubblewrap tells which process is the first in the sandbox.
    package let info: Int32
    /// Where the driver of steps tells of them, or who checks a service inside.
    package let steps: Int32
    /// Where a line asks for such a check; negative where there are none.
    package let checks: Int32
    private let block: Int32

    deinit { for open in [descriptor, output, info, steps, checks, block] { close(open) } }

    /// Ends it before a command has begun. Who only let go of it would let the command begin.
    private func cancel() { Self.kill(process) }

    private static func kill(_ process: Int32) {
        _ = Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// Lets the command begin; until then the sandbox is made and nobody is in it.
    package func begin() {
        var word: UInt8 = 1
        _ = unsafe write(block, &word, 1)
    }

    private init(
        process: Int32, descriptor: Int32, output: Int32, info: Int32, steps: Int32,
        checks: Int32, block: Int32
    ) {
        self.process = process
        self.descriptor = descriptor
        self.output = output
        self.info = info
        self.steps = steps
        self.checks = checks
        self.block = block
    }

    package static func start(
        _ spec: AttemptSpec, _ plan: SandboxPlan, bubblewrap: String, group: borrowing ControlGroup,
        outbound: borrowing Outbound?, network: borrowing OwnNetwork?,
        users: BuildUsers? = nil, processes: Int = 0
    ) throws(SandboxError) -> Launch {
        var own: [Int32] = []
        if case .range(let range, let groups)? = users {
            let made = try UserNamespaces.make(
                range, groups, slot: spec.slot, processes: processes)
            own = [made.outer, made.inner]
        }
        defer { for descriptor in own { Glibc.close(descriptor) } }
        switch outbound {
        case .some(let outbound):
            let launch = try start(spec, plan, bubblewrap, group, own, network: outbound.network)
            do throws(SandboxError) { try outbound.open(spec) } catch {
                launch.cancel()
                throw error
            }
            return launch
        case .none:
            switch network {
            case .some(let network):
                return try start(
                    spec, plan, bubblewrap, group, own, network: network.descriptor)
            case .none:
                return try start(spec, plan, bubblewrap, group, own, network: nil)
            }
        }
    }

    private static func start(
        _ spec: AttemptSpec, _ plan: SandboxPlan, _ bubblewrap: String,
        _ group: borrowing ControlGroup, _ users: [Int32], network: Int32?
    ) throws(SandboxError) -> Launch {
        try check(spec, network, users)
        var given = Given()
        defer { given.close() }
        let output = try Pipe.make()
        given.add(output.write)
        var kept = [output.read]
        var isStarted = false
        defer { if !isStarted { for descriptor in kept { Glibc.close(descriptor) } } }
        given.pass(try Memory.file(holding: plan.options))
        given.pass(try Self.open(filter(of: spec, hasUsers: !users.isEmpty)))
        given.pass(try Self.open(Filter.second(of: spec.filter)))
        let info = try Pipe.make()
        kept.append(info.read)
        given.pass(info.write)
        let block = try Pipe.make()
        kept.append(block.write)
        given.pass(block.read)
        let steps = try Pipe.make()
        kept.append(steps.read)
        if SandboxPlan.tellsSteps(spec) {
            given.pass(steps.write)
        } else {
            given.add(steps.write)
        }
        let checks = try checks(of: spec, &given)
        if checks >= 0 { kept.append(checks) }
        let doors = try group.doors()
        defer { for door in doors { Glibc.close(door) } }
        var child = Child(bubblewrap)
        child.arguments =
            ["bwrap", "--args", "\(SandboxPlan.Descriptor.arguments)", "--"] + plan.command
        child.descriptors = given.passed + users
        child.output = output.write
        child.doors = doors
        child.limits = limits(of: spec)
        child.slot = spec.slot
        child.seesOwnProcesses = true
        child.network = network
        let process = try child.start()
        let descriptor = slipway_process_descriptor(process)
        guard descriptor >= 0 else {
            Self.kill(process)
            throw SandboxError.system("watch the sandbox")
        }
        isStarted = true
        return Launch(
            process: process, descriptor: descriptor, output: output.read, info: info.read,
            steps: steps.read, checks: checks, block: block.write)
    }

    private static func check(
        _ spec: AttemptSpec, _ network: Int32?, _ users: [Int32]
    ) throws(SandboxError) {
        // A sandbox that makes none and is put into none would have the host's.
        guard (network != nil) == spec.entersNetwork else {
            throw SandboxError(
                "give it a network", "there is none for it",
                hint: "this is a mistake of the house; report it")
        }
        guard users.isEmpty || !SandboxPlan.tellsSteps(spec) else {
            throw SandboxError(
                "tell of the steps of a build", "a build is one, and has no name",
                hint: "this is a mistake of the house; report it")
        }
    }

    private static func checks(
        of spec: AttemptSpec, _ given: inout Given
    ) throws(SandboxError) -> Int32 {
        guard spec.service?.isCheckedInside == true else { return -1 }
        let pipe = try Pipe.make()
        given.pass(pipe.read)
        return pipe.write
    }

    private static func filter(of spec: AttemptSpec, hasUsers: Bool) -> String {
        spec.nests ? Filter.nesting(of: spec.filter, hasUsers: hasUsers) : spec.filter
    }

    private static func open(_ path: String) throws(SandboxError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system("read the filter '\(path)'") }
        return descriptor
    }

    private static func limits(of spec: AttemptSpec) -> [slipway_limit] {
        var limits = [
            slipway_limit(resource: SLIPWAY_CORE, value: 0),
            slipway_limit(resource: SLIPWAY_FILES, value: 65_536),
        ]
        if let disk = spec.limits.disk {
            limits.append(slipway_limit(resource: SLIPWAY_FILE_SIZE, value: UInt(disk)))
        }
        return limits
    }
}

private enum Memory {
    /// Words, each ended by a NUL, where no other process sees them.
    static func file(holding words: [String]) throws(SandboxError) -> Int32 {
        let file = unsafe slipway_memory_file("arguments")
        guard file >= 0 else { throw SandboxError.system("make a file in memory") }
        let bytes = words.flatMap { $0.utf8 + [0] as [UInt8] }
        guard unsafe write(file, bytes, bytes.count) == bytes.count, lseek(file, 0, SEEK_SET) == 0
        else {
            close(file)
            throw SandboxError.system("write a file in memory")
        }
        return file
    }
}
