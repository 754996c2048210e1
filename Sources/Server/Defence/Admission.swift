package import HTTP
package import People

/// What is decided about a request when nothing but its head is here.
package enum Admission: Sendable {
    case refused(Response)
    /// Its body is read, so many bytes at most. Without a token it is a stranger's.
    case wanted(atMost: Int, of: TokenID?)
}
