/// Something of libgit2's with one owner, given back when the owner is done.
@safe struct Handle: ~Copyable {
    typealias Free = (OpaquePointer?) -> Void

    let pointer: OpaquePointer
    private let free: Free

    init(_ pointer: OpaquePointer, free: @escaping Free) {
        unsafe self.pointer = pointer
        unsafe self.free = free
    }

    deinit { unsafe free(pointer) }

    /// Owns what `make` puts into its argument.
    static func obtain(
        _ operation: @autoclosure () -> String, free: @escaping Free,
        _ make: (inout OpaquePointer?) -> Int32
    ) throws(GitError) -> Handle {
        var made: OpaquePointer?
        let code = unsafe make(&made)
        guard code >= 0, let pointer = unsafe made else {
            throw GitError.last(code, operation())
        }
        return unsafe Handle(pointer, free: free)
    }
}
