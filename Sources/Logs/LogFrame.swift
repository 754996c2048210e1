import CZstd

/// One stretch of a log, compressed by itself and with a checksum, so that it can be read alone.
@safe struct FrameCompressor: ~Copyable {
    private let context: OpaquePointer
    private var space: [UInt8]

    /// Nothing if there is no memory for it.
    static func make(level: Int) -> FrameCompressor? {
        guard let context = unsafe ZSTD_createCCtx() else { return nil }
        return unsafe FrameCompressor(context, level: level)
    }

    private init(_ context: OpaquePointer, level: Int) {
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        space = [UInt8](repeating: 0, count: ZSTD_compressBound(SeekTable.longestFrame))
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// At most `SeekTable.longestFrame` bytes. Nothing if there is no memory for it.
    mutating func compress(_ plain: [UInt8]) -> ArraySlice<UInt8>? {
        let count = unsafe plain.withUnsafeBytes { plain in
            unsafe space.withUnsafeMutableBytes { space in
                unsafe ZSTD_compress2(
                    context, space.baseAddress, space.count, plain.baseAddress, plain.count)
            }
        }
        return ZSTD_isError(count) == 0 ? space[..<count] : nil
    }
}

enum LogFrame {
    /// Nothing if this is not a whole frame of that many bytes, with the right checksum.
    static func plain(_ frame: [UInt8], count: Int) -> [UInt8]? {
        var got = 0
        let plain = unsafe [UInt8](unsafeUninitializedCapacity: count) { space, filled in
            got = unsafe frame.withUnsafeBytes { frame in
                unsafe ZSTD_decompress(space.baseAddress, count, frame.baseAddress, frame.count)
            }
            filled = got == count ? count : 0
        }
        // What is wrong with a frame is told by a number that no count can be.
        return got == count ? plain : nil
    }
}
