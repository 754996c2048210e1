import CZlib

/// Compresses bytes as they come, in gzip's form: the same for the same bytes, whatever pieces they
/// come in, with no time and no name in it.
///
/// What is compressed already, such as a layer's own archives, is found by a sample and only
/// wrapped, which is ten times as fast and larger by next to nothing.
@safe package struct GzipCompressor: ~Copyable {
    /// Quick, and not much larger than what takes four times as long.
    package static let standardLevel: Int32 = 4
    private static let block = 256 << 10
    private static let sample = 16 << 10
    private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

    // zlib remembers where it lies, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let level: Int32
    private var currentLevel: Int32
    private var waiting: [UInt8] = []
    private var space = [UInt8](repeating: 0, count: 64 << 10)
    private var check = crc32(0, nil, 0)
    private var length: UInt32 = 0
    private var hasBegun = false

    /// Nothing if there is no memory for it.
    package static func make(level: Int32 = standardLevel) -> GzipCompressor? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe slipway_deflate_begin(stream, level) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
        return unsafe GzipCompressor(stream: stream, level: level)
    }

    private init(stream: UnsafeMutablePointer<z_stream>, level: Int32) {
        unsafe self.stream = stream
        self.level = level
        currentLevel = level
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// What can be given out already.
    package mutating func compress(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.block - waiting.count)
            waiting += piece
            rest = rest.dropFirst(piece.count)
            if waiting.count == Self.block { takeBlock(into: &output, flush: Z_NO_FLUSH) }
        }
        return output
    }

    /// All that is left. Nothing can be compressed after it.
    package mutating func finish() -> [UInt8] {
        var output: [UInt8] = []
        takeBlock(into: &output, flush: Z_FINISH)
        for number in [UInt32(truncatingIfNeeded: check), length] {
            for shift in stride(from: 0, to: 32, by: 8) {
                output.append(UInt8(truncatingIfNeeded: number >> UInt32(shift)))
            }
        }
        return output
    }

    private mutating func takeBlock(into output: inout [UInt8], flush: Int32) {
        if !hasBegun { output += Self.head }
        hasBegun = true
        let wanted = isWorthIt ? level : 0
        if wanted != currentLevel {
            currentLevel = wanted
            unsafe stream.pointee.avail_in = 0
            unsafe pour(into: &output) { unsafe deflateParams($0, wanted, Z_DEFAULT_STRATEGY) }
        }
        let count = UInt32(waiting.count)
        let stream = unsafe stream
        check = unsafe waiting.withUnsafeBufferPointer { bytes in
            unsafe bytes.isEmpty ? check : crc32(check, bytes.baseAddress, count)
        }
        length &+= count
        var input = waiting
        waiting.removeAll(keepingCapacity: true)
        unsafe input.withUnsafeMutableBufferPointer { bytes in
            unsafe stream.pointee.next_in = bytes.baseAddress
            unsafe stream.pointee.avail_in = count
            unsafe pour(into: &output) { unsafe deflate($0, flush) }
        }
    }

    /// Calls until there is room left of what was given to fill, so that there is nothing more.
    private mutating func pour(
        into output: inout [UInt8], _ call: (UnsafeMutablePointer<z_stream>) -> Int32
    ) {
        let stream = unsafe stream
        var made = 0
        repeat {
            unsafe space.withUnsafeMutableBufferPointer { place in
                unsafe stream.pointee.next_out = place.baseAddress
                unsafe stream.pointee.avail_out = UInt32(place.count)
                _ = unsafe call(stream)
                made = unsafe place.count - Int(stream.pointee.avail_out)
            }
            output += space[..<made]
        } while made == space.count
    }

    /// Whether the beginning of the block becomes smaller by more than a fiftieth.
    private var isWorthIt: Bool {
        guard waiting.count >= Self.sample else { return true }
        var made = [UInt8](repeating: 0, count: Self.sample + 1_024)
        var count = UInt(made.count)
        let code = unsafe compress2(&made, &count, waiting, UInt(Self.sample), 1)
        return code != Z_OK || count < UInt(Self.sample - Self.sample / 50)
    }
}
