using System.Reflection;
using System.Runtime.CompilerServices;

namespace Chard.Emulator.Tests.ApiParity;

/// <summary>
/// The stand-ins' public types in the packages' namespaces, and the part of the real listings that tells of them.
/// To bring that part up to date after adding a type: run the tests of this folder once with the variable
/// CHARD_API_LISTINGS naming the folder of the full listings. It copies their lines, and never writes any of its own.
/// </summary>
internal static class StandIns
{
    private static readonly string[] Assemblies = ["Chard.Emulator.DurableTask", "Chard.Emulator.Functions", "Chard.Emulator.Tables"];

    /// <summary>Listings made without nullable annotations.</summary>
    private static readonly string[] Unannotated = ["Azure.Data.Tables.txt"];

    /// <summary>Every visible type of the stand-ins in a Microsoft or Azure namespace.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. Assemblies.Select(Assembly.Load).SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsVisible && IsPackageNamespace(type.Namespace))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>The listings beside this file.</summary>
    public static ApiListing Listing()
    {
        var folder = Folder();
        if (Environment.GetEnvironmentVariable("CHARD_API_LISTINGS") is { Length: > 0 } source)
        {
            Refresh(source, folder);
        }

        var listing = new ApiListing();
        foreach (var file in Directory.GetFiles(folder, "*.txt"))
        {
            listing.Add(File.ReadLines(file), !Unannotated.Contains(Path.GetFileName(file)));
        }

        return listing;
    }

    private static bool IsPackageNamespace(string? name) =>
        name is not null && (name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("Azure.", StringComparison.Ordinal));

    private static void Refresh(string source, string folder)
    {
        var names = Types.Select(TypeText.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(source, "*.txt"))
        {
            var used = File.ReadLines(file).Where(line => ApiListing.TypeOf(line) is { } name && names.Contains(name)).ToArray();
            var target = Path.Combine(folder, Path.GetFileName(file));
            if (used.Length > 0)
            {
                File.WriteAllText(target, string.Join('\n', used) + "\n");
            }
            else
            {
                File.Delete(target);
            }
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
