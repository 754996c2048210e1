/// Some of an open file. Whoever gives it keeps the file open until the call has ended.
package struct FilePart: Sendable {
    package let descriptor: Int32
    package let offset: Int
    package let length: Int
    /// Sees what is sent, and where in the part it stands. It can come twice, when a connection is
    /// made anew.
    package var witness: (@Sendable (Int, RawSpan) -> Void)?

    package init(_ descriptor: Int32, offset: Int, length: Int) {
        self.descriptor = descriptor
        self.offset = offset
        self.length = length
    }
}
