import CLaunch
import Glibc

/// A program to be started as a child that dies with its parent and has nothing of it but what it
/// is given.
struct Child {
    let program: String
    var arguments: [String] = []
    /// Become 3, 4, … in this order; every other descriptor is closed.
    var descriptors: [Int32] = []
    /// Becomes standard output and standard error.
    var output: Int32 = -1
    /// Of the control groups to join.
    var doors: [Int32] = []
    var limits: [slipway_limit] = []
    /// Namespaces to enter, and who to be there; nothing for what the parent has.
    var network: Int32?
    var userNamespace: Int32?
    var slot: Int?
    /// Whether `/proc` shows it the processes of its own namespace, and not those of the host.
    var seesOwnProcesses = false

    init(_ program: String) { self.program = program }

    func start() throws(SandboxError) -> Int32 {
        var failure = slipway_failure()
        let process = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings([]) { environment in
                unsafe program.withCString { program in
                    unsafe "/".withCString { folder in
                        var launch = unsafe slipway_launch()
                        unsafe launch.program = unsafe program
                        unsafe launch.arguments = unsafe arguments
                        unsafe launch.environment = unsafe environment
                        unsafe launch.folder = unsafe folder
                        return unsafe start(&launch, &failure)
                    }
                }
            }
        }
        guard process > 0 else {
            throw SandboxError.system(operation(failure.step), code: failure.code)
        }
        return process
    }

    private func start(
        _ launch: inout slipway_launch, _ failure: inout slipway_failure
    ) -> Int32 {
        unsafe launch.network = network ?? -1
        unsafe launch.user_namespace = userNamespace ?? -1
        unsafe launch.slot = Int32(slot ?? -1)
        unsafe launch.output = output
        unsafe launch.sees_own_processes = seesOwnProcesses ? 1 : 0
        return unsafe descriptors.withUnsafeBufferPointer { descriptors in
            unsafe doors.withUnsafeBufferPointer { doors in
                unsafe limits.withUnsafeBufferPointer { limits in
                    unsafe launch.descriptors = descriptors.baseAddress
                    unsafe launch.descriptor_count = Int32(descriptors.count)
                    unsafe launch.groups = doors.baseAddress
                    unsafe launch.group_count = Int32(doors.count)
                    unsafe launch.limits = limits.baseAddress
                    unsafe launch.limit_count = Int32(limits.count)
                    return unsafe slipway_launch_start(&launch, &failure)
                }
            }
        }
    }

    private func operation(_ step: Int32) -> String {
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
        case SLIPWAY_STEP_PROCESSES.rawValue: "mount '/proc' for its own processes"
        case SLIPWAY_STEP_NAMESPACE.rawValue: "enter the network of the sandbox"
        default: "run '\(program)'"
        }
    }
}

/// Descriptors that belong to the child; here they are closed when it has them.
struct Given {
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

enum Pipe {
    static func make() throws(SandboxError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { throw SandboxError.system("make a pipe") }
        return (ends[0], ends[1])
    }
}

/// Lends words as C has them: pointers, the last of them null.
func withCStrings<Result>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
) -> Result {
    var pointers = unsafe words.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}
