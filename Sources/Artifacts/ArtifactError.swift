import Glibc

/// Why something cannot be kept or given out, in words for whoever wrote the pipeline.
package struct ArtifactError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    static func system(_ operation: String) -> Self {
        Self("cannot \(operation): \(unsafe String(cString: strerror(errno)))")
    }
}
