import FoundationEssentials
package import Images
import JSON
package import Support

/// An image that a test makes by hand, as an OCI layout or as what `docker save` writes.
package struct SampleImage {
    package let folder: Folder
    /// An OCI layout in a folder.
    package var layout: String { folder.file("layout") }
    package private(set) var manifest = Digest(of: [])
    package private(set) var layers: [Digest] = []

    /// With layers of these bytes, which need be no archives for a registry.
    package init(layers contents: [[UInt8]], labels: [String: String] = [:]) throws {
        folder = try Folder()
        for name in ["layout/blobs/sha256"] {
            try FileManager.default.createDirectory(
                atPath: folder.file(name), withIntermediateDirectories: true)
        }
        layers = contents.map { Digest(of: $0) }
        let config = Array(Self.config(layers, labels).utf8)
        for content in contents + [config] { try keep(content) }
        let type = "application/vnd.oci.image.layer.v1.tar+gzip"
        let document = ImageManifest(
            .ociManifest,
            config: Descriptor(.ociConfig, Digest(of: config), size: config.count),
            layers: contents.map { Descriptor(MediaType(type), Digest(of: $0), size: $0.count) })
        manifest = Digest(of: document.bytes)
        try keep(document.bytes)
        try write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), "oci-layout")
        let entry = Descriptor(.ociManifest, manifest, size: document.bytes.count)
        try write(Self.index(of: entry), "index.json")
    }

    /// Layers of so many bytes that nothing makes smaller, and that are others in each image.
    package static func random(_ sizes: [Int]) throws -> SampleImage {
        try SampleImage(layers: sizes.map { noise($0, seed: .random(in: 1 ... .max)) })
    }

    package static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed | 1
        var bytes = [UInt8](repeating: 0, count: count)
        for index in bytes.indices {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes[index] = UInt8(truncatingIfNeeded: state >> 24)
        }
        return bytes
    }

    /// Puts an index around it, as of an image for several platforms; gives that one's digest.
    @discardableResult
    package func wrapInIndex(for platform: Platform? = nil) throws -> Digest {
        let size = try Data(contentsOf: URL(filePath: blob(manifest))).count
        var entry = Descriptor(.ociManifest, manifest, size: size)
        entry.platform = platform
        let inner = Self.index(of: entry)
        try keep(inner)
        let outer = Descriptor(.ociIndex, Digest(of: inner), size: inner.count)
        try write(Self.index(of: outer), "index.json")
        return outer.digest
    }

    /// Adds to the layout what tells about another manifest of it, with nothing else in it; gives
    /// its descriptor.
    @discardableResult
    package func tell(about subject: Digest, as kind: String) throws -> Descriptor {
        let size = try Data(contentsOf: URL(filePath: blob(subject))).count
        let about = Descriptor(.ociManifest, subject, size: size)
        let empty = Descriptor(
            MediaType("application/vnd.oci.empty.v1+json"), Digest(of: Array("{}".utf8)), size: 2)
        try keep(Array("{}".utf8))
        let manifest: JSON = [
            "schemaVersion": 2, "mediaType": .string("\(MediaType.ociManifest)"),
            "artifactType": .string(kind), "config": empty.json, "layers": [empty.json],
            "subject": about.json, "annotations": ["made.by": "a test"],
        ]
        let bytes = Array(manifest.text.utf8)
        try keep(bytes)
        let teller = Descriptor(.ociManifest, Digest(of: bytes), size: bytes.count)
        try list(teller)
        return teller
    }

    /// Adds to what the layout's own index lists.
    package func list(_ more: Descriptor) throws {
        let bytes = try Array(Data(contentsOf: URL(filePath: "\(layout)/index.json")))
        guard case .index(let index) = try Manifest(parsing: bytes) else { return }
        try write(index.adding([more])?.bytes ?? bytes, "index.json")
    }

    private static func index(of entry: Descriptor) -> [UInt8] {
        Array("{\"schemaVersion\":2,\"manifests\":[\(entry.json.text)]}".utf8)
    }

    package func blob(_ digest: Digest) -> String { "\(layout)/blobs/sha256/\(digest.hex)" }

    package func keep(_ bytes: [UInt8]) throws {
        try write(bytes, "blobs/sha256/\(Digest(of: bytes).hex)")
    }

    package func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(layout)/\(name)"))
    }

    package static func config(
        _ layers: [Digest], _ labels: [String: String] = [:], architecture: String = "amd64"
    ) -> String {
        let diffs = layers.map { "\"\($0)\"" }.joined(separator: ",")
        let labels = labels.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
        return "{\"architecture\":\"\(architecture)\",\"os\":\"linux\",\"config\":{\"Labels\":{"
            + "\(labels.joined(separator: ","))}},\"created\":\"2026-01-02T03:04:05Z\","
            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\(diffs)]}}"
    }
}
