package import Attempts
package import Images

/// How buildah builds an image in a sandbox, as a script for its shell. Whatever comes from a
/// pipeline is a quoted word, and an option's value is of one word with it.
package enum BuildahScript {
    /// Under `/inputs`, what is built.
    package static let context = "context"
    /// In the workspace, the images that buildah works with, and the layers of earlier builds.
    package static let store = "store"
    /// Under `/inputs`, layouts of the images that the Dockerfile names.
    package static let bases = "bases"
    /// The folder of one of them in there.
    package static func name(ofBase index: Int) -> String { "base-\(index)" }
    /// In the workspace, what has been built, as `docker save` would write it: whoever pushes that
    /// compresses its layers, which buildah leaves as they are.
    package static let archive = "image.tar"

    /// `secrets` are the names of those that the build asks for. Without users, who owns what in a
    /// base image is left out. Whatever image the build needs is in its store before it begins: it
    /// asks no registry for any.
    package static func text(
        _ build: ImageBuildSpec, of image: ImageSpec, secrets: [String], hasUsers: Bool
    ) throws(ImageMistake) -> String {
        let folder = build.folder.map { "/\($0)" } ?? ""
        return """
            cd \(quoted("/inputs/\(context)\(folder)"))
            \(preparation)
            set -- --root "$store" --runroot /tmp/run --storage-driver "$driver" \
            \(hasUsers ? "" : "--storage-opt \"$driver.ignore_chown_errors=true\"")
            \(try loading(build))
            \(format(of: build.dockerfile))
            exec buildah "$@" bud --pull-never \\
              --signature-policy /tmp/policy.json --format "$format" --layers \\
              --identity-label=false \(options(build, of: image, secrets).joined(separator: " ")) \\
              --tag docker-archive:/workspace/\(archive) .

            """
    }

    /// Layers lie on the disk, one over the other where the kernel lets an overlay lie there, and
    /// else each as a copy. What buildah keeps of a container, secrets among it, stays in memory:
    /// and it is a mount of our own, because those that are locked cannot be shown any other way.
    private static let preparation = """
        export _BUILDAH_STARTED_IN_USERNS=1 BUILDAH_ISOLATION=chroot
        export TMPDIR=/var/tmp HOME=/workspace/home
        export CONTAINERS_REGISTRIES_CONF=/tmp/registries.conf
        store=/workspace/\(store)
        driver=vfs
        mkdir -p "$store" /workspace/tmp "$HOME" /workspace/try/a /workspace/try/b /workspace/try/c
        if mount -t overlay -o lowerdir=/workspace/try/a,upperdir=/workspace/try/b,\
        workdir=/workspace/try/c,userxattr overlay /workspace/try/a 2>/dev/null; then
          umount /workspace/try/a
          driver=overlay
        fi
        rm -rf /workspace/try
        mkdir -p "$store/$driver-containers"
        mount -t tmpfs -o mode=0700,size=64m containers "$store/$driver-containers"
        echo '{"default":[{"type":"insecureAcceptAnything"}]}' > /tmp/policy.json
        echo 'unqualified-search-registries = ["docker.io"]' > /tmp/registries.conf
        """

    /// Puts what the Dockerfile names into the store, under the names by which it will ask.
    private static func loading(_ build: ImageBuildSpec) throws(ImageMistake) -> String {
        var lines: [String] = []
        for (index, base) in build.bases.enumerated() {
            let platform = (base.platform ?? build.platforms.first).map {
                quoted("--platform=\($0)")
            }
            let stored = try Reference(parsing: base.reference).nameInStore
            lines.append(
                """
                base=$(buildah "$@" pull -q --signature-policy /tmp/policy.json \\
                  \(platform ?? "") oci:/inputs/\(bases)/\(name(ofBase: index)))
                buildah "$@" tag "$base" \(quoted(stored))
                """)
        }
        return lines.joined(separator: "\n")
    }

    /// That of the OCI comes out the same each time. It has no words for some of Docker's own, and
    /// buildah would leave those out: then it is Docker's, with names that it draws by lot.
    private static func format(of dockerfile: String) -> String {
        """
        format=oci
        if grep -qiE '^[[:space:]]*(healthcheck|onbuild|shell)[[:space:]]' \
          \(quoted("./\(dockerfile)"))
        then format=docker; fi
        """
    }

    private static func options(
        _ build: ImageBuildSpec, of image: ImageSpec, _ secrets: [String]
    ) -> [String] {
        var options = ["--file=\(build.dockerfile)"]
        if let target = build.target { options.append("--target=\(target)") }
        for platform in build.platforms { options.append("--platform=\(platform)") }
        if let time = image.committedAt {
            options += ["--timestamp=\(time)", "--build-arg=SOURCE_DATE_EPOCH=\(time)"]
        }
        for argument in build.arguments {
            options.append("--build-arg=\(argument.name)=\(argument.value)")
        }
        for label in image.labels { options.append("--label=\(label.name)=\(label.value)") }
        for name in secrets { options.append("--secret=id=\(name),src=/run/secrets/\(name)") }
        return options.map(quoted)
    }

    /// As one word for a shell, whatever is in it. By scalars: with an accent over it, a quote
    /// would be another character to Swift, and the same to the shell.
    private static func quoted(_ text: String) -> String {
        var word = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { word += "'\\''" } else { word.unicodeScalars.append(scalar) }
        }
        return word + "'"
    }
}

extension Reference {
    /// A store finds an image by a digest only if it has one of its repository's names.
    fileprivate var nameInStore: String {
        if let tag { return "\(repository):\(tag)" }
        return "\(repository):" + (digest.map { "slipway-\($0.hex.prefix(12))" } ?? "latest")
    }
}
