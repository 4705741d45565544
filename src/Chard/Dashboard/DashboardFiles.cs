using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;

namespace Chard.Dashboard;

/// <summary>What the build of the page left in this assembly.</summary>
public sealed class DashboardFiles
{
    /// <summary>What the paths of assets begin with. Their names have hashes of what is in them.</summary>
    public const string Assets = "assets/";

    /// <summary>The element of the page that names where the page is.</summary>
    public const string Base = """<base href="./">""";

    private const string Prefix = "dashboard/";
    private const string Page = "index.html";

    private static readonly Assembly Here = typeof(DashboardFiles).Assembly;
    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly Dictionary<string, Lazy<DashboardFile>> _files = Here.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(
            name => name[Prefix.Length..], name => new Lazy<DashboardFile>(() => Read(name)), StringComparer.Ordinal);

    /// <summary>Paths of all files, the page's own included.</summary>
    public IEnumerable<string> Paths => _files.Keys;

    /// <summary>A file by its path; null if there is none.</summary>
    public DashboardFile? Find(string path) => _files.TryGetValue(path, out Lazy<DashboardFile>? file) ? file.Value : null;

    /// <summary>The page, with links that begin at <paramref name="root"/>, which is encoded for HTML.</summary>
    public DashboardFile PageFor(string root)
    {
        DashboardFile page = Find(Page)
            ?? throw new InvalidOperationException("This build of Chard has no dashboard: it was built without the page.");
        string html = Encoding.UTF8.GetString(page.Bytes).Replace(Base, $"""<base href="{root}">""", StringComparison.Ordinal);
        return new(Encoding.UTF8.GetBytes(html), page.ContentType);
    }

    private static DashboardFile Read(string name)
    {
        using Stream stream = Here.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(bytes, ContentTypeOf(name));
    }

    private static string ContentTypeOf(string name) =>
        !Types.TryGetContentType(name, out string? type) ? "application/octet-stream"
            : type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8"
            : type;
}

/// <summary>A file of the page.</summary>
public sealed class DashboardFile(byte[] bytes, string contentType)
{
    private readonly Lazy<byte[]> _gzipped = new(() => Gzip(bytes));

    /// <summary>What is in it.</summary>
    public byte[] Bytes => bytes;

    /// <summary>What kind of file it is.</summary>
    public string ContentType => contentType;

    /// <summary>The same, compressed.</summary>
    public byte[] Gzipped => _gzipped.Value;

    private static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }
}
