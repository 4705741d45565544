using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Chard.EndToEnd.Tests.Architecture;

/// <summary>
/// Which folders of an assembly may know which: each only those before it in a list. So there is no circle, and the list tells a reader
/// where to begin. Read from the compiled types: their members, bodies and attributes.
/// </summary>
internal static class FolderOrder
{
    /// <summary>Every arrow from a folder to one that does not stand before it, and every folder that the list does not name.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">Its root namespace: a folder is the name after it.</param>
    /// <param name="folders">The folders, each after those that it may know.</param>
    public static IReadOnlyList<string> Offences(Assembly assembly, string root, params string[] folders)
    {
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader().LoadAssembly(assembly).Build();
        var offences = new SortedSet<string>(StringComparer.Ordinal);
        foreach (IType type in architecture.Types)
        {
            if (FolderOf(type, root) is not { } from)
            {
                continue;
            }

            int place = Array.IndexOf(folders, from);
            if (place < 0)
            {
                offences.Add($"{from} is not in the list of folders");
                continue;
            }

            offences.UnionWith(type.Dependencies
                .Where(d => FolderOf(d.Target, root) is { } to && Array.IndexOf(folders, to) > place)
                .Select(d => $"{from} knows {FolderOf(d.Target, root)}: {type.Name} names {d.Target.Name}"));
        }

        return [.. offences];
    }

    /// <summary>The assemblies of this repository that one refers to.</summary>
    public static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select((AssemblyName a) => a.Name!)
            .Where(n => n == "Chard" || n.StartsWith("Chard.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string? FolderOf(IType type, string root)
    {
        string space = type.Namespace?.FullName ?? "";
        return space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..].Split('.')[0] : null;
    }
}
