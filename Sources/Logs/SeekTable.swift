/// Where each frame of a compressed log begins, written behind them as a frame that other readers
/// skip: zstd's own seekable format, so that `zstd -d` and `zstdcat` read the file too.
struct SeekTable: Hashable, Sendable {
    struct Frame: Hashable, Sendable {
        /// In the file, and in the log.
        let place: Range<Int>
        let plain: Range<Int>
    }

    private(set) var frames: [Frame] = []

    /// A longer one is not ours, and not worth its memory.
    static let longestFrame = 1 << 20
    private static let longestCompressed = 2 << 20

    private static let skippable: UInt64 = 0x184D_2A5E
    private static let seekable: UInt64 = 0x8F92_EAB1
    private static let headLength = 8
    private static let entryLength = 8
    private static let footLength = 9

    init() {}

    var length: Int { frames.last?.plain.upperBound ?? 0 }
    private var fileLength: Int { frames.last?.place.upperBound ?? 0 }

    mutating func add(compressed: Int, plain: Int) {
        frames.append(
            Frame(place: fileLength..<fileLength + compressed, plain: length..<length + plain))
    }

    /// The place of the frame that has this byte of the log. It has to have it.
    func frame(at offset: Int) -> Int {
        var low = 0
        var high = frames.count
        while low < high {
            let middle = (low + high) / 2
            if frames[middle].plain.upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    var bytes: [UInt8] {
        var output: [UInt8] = []
        let length = frames.count * Self.entryLength + Self.footLength
        LittleEndian.write(Self.skippable, bytes: 4, to: &output)
        LittleEndian.write(UInt64(length), bytes: 4, to: &output)
        for frame in frames {
            LittleEndian.write(UInt64(frame.place.count), bytes: 4, to: &output)
            LittleEndian.write(UInt64(frame.plain.count), bytes: 4, to: &output)
        }
        LittleEndian.write(UInt64(frames.count), bytes: 4, to: &output)
        output.append(0)
        LittleEndian.write(Self.seekable, bytes: 4, to: &output)
        return output
    }

    init(of file: borrowing LogFile) throws(LogError) {
        let size = try file.size()
        let whole = LogError.damaged(file.path, "its table of frames is cut off or damaged")
        guard size >= Self.headLength + Self.footLength else { throw whole }
        let foot = try file.read(from: size - Self.footLength, upTo: Self.footLength)
        guard foot.count == Self.footLength, foot[4] == 0,
            LittleEndian.number(foot[5...]) == Self.seekable
        else {
            throw whole
        }
        let count = Int(LittleEndian.number(foot[..<4]))
        let length = Self.headLength + count * Self.entryLength + Self.footLength
        guard length <= size else { throw whole }
        let table = try file.read(from: size - length, upTo: length - Self.footLength)
        guard table.count == length - Self.footLength,
            LittleEndian.number(table[..<4]) == Self.skippable,
            LittleEndian.number(table[4..<8]) == length - Self.headLength
        else {
            throw whole
        }
        for index in 0..<count {
            let entry = table.dropFirst(Self.headLength + index * Self.entryLength)
            let compressed = Int(LittleEndian.number(entry.prefix(4)))
            let plain = Int(LittleEndian.number(entry.dropFirst(4).prefix(4)))
            guard 1...Self.longestFrame ~= plain, 1...Self.longestCompressed ~= compressed else {
                throw whole
            }
            add(compressed: compressed, plain: plain)
        }
        guard fileLength + length == size else { throw whole }
    }
}
