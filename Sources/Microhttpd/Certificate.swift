/// What a server proves with who it is: the chain with its own certificate first, and its key.
/// Both are the text of PEM files.
package struct Certificate: Sendable, CustomStringConvertible {
    let chain: String
    let key: String

    package init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }

    /// Never the key.
    package var description: String { "a certificate" }
}
