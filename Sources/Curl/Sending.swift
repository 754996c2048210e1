import CCurl
import Glibc

/// A part of a file on its way: libcurl asks for the next bytes when there is room for them.
@safe final class Sending {
    private let part: FilePart
    private(set) var position = 0
    private(set) var problem: String?

    init(_ part: FilePart) { self.part = part }

    /// Whoever configures keeps this alive as long as the handle.
    func configure(_ handle: UnsafeMutableRawPointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe slipway_curl_upload(
            handle, Int64(part.length), Self.read, Self.seek, context)
    }

    private func read(into space: UnsafeMutableRawBufferPointer) -> Int {
        let wanted = min(space.count, part.length - position)
        guard wanted > 0 else { return 0 }
        while true {
            let count = unsafe pread(
                part.descriptor, space.baseAddress, wanted, part.offset + position)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                problem =
                    count == 0
                    ? "the file became shorter while it was sent"
                    : "the file cannot be read: \(unsafe String(cString: strerror(errno)))"
                return slipway_curl_abort()
            }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: space[..<count])
            unsafe part.witness?(position, bytes.bytes)
            position += count
            return count
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer) -> Sending {
        unsafe Unmanaged<Sending>.fromOpaque(context).takeUnretainedValue()
    }

    private static var read: curl_read_callback {
        { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else {
                return slipway_curl_abort()
            }
            let space = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return unsafe Sending.of(context).read(into: space)
        }
    }

    private static var seek: curl_seek_callback {
        { context, offset, origin in
            guard let context = unsafe context, origin == SEEK_SET else {
                return CURL_SEEKFUNC_CANTSEEK
            }
            unsafe Sending.of(context).position = Int(offset)
            return CURL_SEEKFUNC_OK
        }
    }
}
