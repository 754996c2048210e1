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
    /// Where the driver of steps tells of them.
    package let steps: Int32
    private let block: Int32

    deinit { for open in [descriptor, output, info, steps, block] { close(open) } }

    /// Lets the command begin; until then the sandbox is made and nobody is in it.
    package func begin() {
        var word: UInt8 = 1
        _ = unsafe write(block, &word, 1)
    }

    private init(
        process: Int32, descriptor: Int32, output: Int32, info: Int32, steps: Int32, block: Int32
    ) {
        self.process = process
        self.descriptor = descriptor
        self.output = output
        self.info = info
        self.steps = steps
        self.block = block
    }

    package static func start(
        _ spec: AttemptSpec, _ plan: SandboxPlan, bubblewrap: String, group: borrowing ControlGroup
    ) throws(SandboxError) -> Launch {
        var given = Given()
        defer { given.close() }
        let output = try Pipe.make()
        given.add(output.write)
        var kept = [output.read]
        var isStarted = false
        defer { if !isStarted { for descriptor in kept { Glibc.close(descriptor) } } }
        given.pass(try Memory.file(holding: plan.options))
        given.pass(try Self.open(spec.filter))
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
        let doors = try group.doors()
        defer { for door in doors { Glibc.close(door) } }
        let process = try run(
            bubblewrap, plan, given, output: output.write, doors: doors, spec: spec)
        let descriptor = slipway_process_descriptor(process)
        guard descriptor >= 0 else {
            _ = kill(process, SIGKILL)
            throw SandboxError.system("watch the sandbox")
        }
        isStarted = true
        return Launch(
            process: process, descriptor: descriptor, output: output.read, info: info.read,
            steps: steps.read, block: block.write)
    }

    private static func open(_ path: String) throws(SandboxError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system("read the filter '\(path)'") }
        return descriptor
    }

    private static func run(
        _ bubblewrap: String, _ plan: SandboxPlan, _ given: borrowing Given, output: Int32,
        doors: [Int32],
        spec: AttemptSpec
    ) throws(SandboxError) -> Int32 {
        let words =
            ["bwrap", "--args", "\(SandboxPlan.Descriptor.arguments)", "--"] + plan.command
        var failure = slipway_failure()
        let limits = limits(of: spec)
        let process = unsafe withCStrings(words) { arguments in
            unsafe withCStrings([]) { environment in
                unsafe bubblewrap.withCString { program in
                    unsafe "/".withCString { folder in
                        unsafe given.passed.withUnsafeBufferPointer { passed in
                            unsafe doors.withUnsafeBufferPointer { doors in
                                unsafe limits.withUnsafeBufferPointer { limits in
                                    var launch = unsafe slipway_launch(
                                        program: program, arguments: arguments,
                                        environment: environment, folder: folder,
                                        slot: Int32(spec.slot ?? -1), output: output,
                                        descriptors: passed.baseAddress,
                                        descriptor_count: Int32(passed.count),
                                        groups: doors.baseAddress,
                                        group_count: Int32(doors.count),
                                        limits: limits.baseAddress,
                                        limit_count: Int32(limits.count))
                                    return unsafe slipway_launch_start(&launch, &failure)
                                }
                            }
                        }
                    }
                }
            }
        }
        guard process > 0 else {
            throw SandboxError.system(Self.operation(failure.step), code: failure.code)
        }
        return process
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

    private static func operation(_ step: Int32) -> String {
        switch UInt32(bitPattern: step) {
        case SLIPWAY_STEP_FORK.rawValue: "start a process"
        case SLIPWAY_STEP_SESSION.rawValue: "begin a session"
        case SLIPWAY_STEP_KEYRING.rawValue: "begin a keyring"
        case SLIPWAY_STEP_GROUP.rawValue: "join a control group"
        case SLIPWAY_STEP_LIMIT.rawValue: "set a limit"
        case SLIPWAY_STEP_USER.rawValue: "become the sandbox's user"
        case SLIPWAY_STEP_PARENT.rawValue: "follow the supervisor"
        case SLIPWAY_STEP_DESCRIPTORS.rawValue: "arrange descriptors"
        case SLIPWAY_STEP_FOLDER.rawValue: "enter the root folder"
        default: "run bubblewrap"
        }
    }
}

/// Descriptors that belong to the child; here they are closed when it has them.
private struct Given {
    private(set) var passed: [Int32] = []
    private var others: [Int32] = []

    mutating func pass(_ descriptor: Int32) { passed.append(descriptor) }
    mutating func add(_ descriptor: Int32) { others.append(descriptor) }

    mutating func close() {
        for descriptor in passed + others { Glibc.close(descriptor) }
        passed = []
        others = []
    }
}

private enum Pipe {
    static func make() throws(SandboxError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { throw SandboxError.system("make a pipe") }
        return (ends[0], ends[1])
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

/// Lends words as C has them: pointers, the last of them null.
private func withCStrings<Result>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
) -> Result {
    var pointers = unsafe words.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}
