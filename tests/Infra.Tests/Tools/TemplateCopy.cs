namespace Chard.Infra.Tests.Tools;

/// <summary>A copy of infra/bicep, to see that a fault in it is found.</summary>
internal sealed class TemplateCopy : IDisposable
{
    /// <summary>Copies the folder.</summary>
    public TemplateCopy(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Folder, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("chard-bicep-").FullName;

    /// <summary>Puts one text for another, which has to be there.</summary>
    public void Replace(string file, string text, string other)
    {
        string path = Path.Combine(Folder, file);
        string content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, other, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
