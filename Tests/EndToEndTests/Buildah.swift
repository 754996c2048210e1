import Glibc

/// What images are built with in the sandbox, and made of.
enum Buildah {
    /// Of Debian's packages; a program that needs no other file is all that an image has here.
    static let busybox = "/usr/bin/busybox"

    static let isThere = ["/usr/bin/buildah", busybox].allSatisfy { (program: String) in
        unsafe access(program, X_OK) == 0
    }
}
