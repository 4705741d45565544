using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Chard.LocalHost.Azurite;

/// <summary>
/// The folder <c>tools/azurite</c> of the repository: pinned by its package.json and lock file, installed by npm on first use.
/// </summary>
internal static class AzuriteInstallation
{
    /// <summary>The environment variable that names the folder, where it is not found above the binaries.</summary>
    public const string Setting = "LOCALHOST_AZURITE";

    /// <summary>The same as a property of the process's runtime configuration: how a package names the folder it brings.</summary>
    public const string RuntimeSetting = "Chard.LocalHost.Azurite";

    /// <summary>The folder, with Azurite installed in it. <see cref="StartException"/> says what is missing.</summary>
    public static async Task<string> EnsureAsync(string? given, ILogger logger, CancellationToken cancellation)
    {
        var folder = Find(given ?? Environment.GetEnvironmentVariable(Setting) ?? AppContext.GetData(RuntimeSetting) as string);
        if (IsInstalled(folder))
        {
            return folder;
        }

        await using var guard = await LockAsync(folder, cancellation);
        if (!IsInstalled(folder))
        {
            logger.LogInformation(
                "Installing Azurite {Version} in {Folder} (npm ci, once, about half a minute)", PinnedVersion(folder), folder);
            await InstallAsync(folder, cancellation);
        }

        return IsInstalled(folder)
            ? folder
            : throw new StartException($"npm ci in {folder} ended without Azurite {PinnedVersion(folder)} in node_modules.");
    }

    /// <summary>Starts a program of Node's, its streams redirected. <see cref="StartException"/> where Node is missing.</summary>
    public static Process Run(
        string command,
        IReadOnlyList<string> arguments,
        string folder,
        Action<IDictionary<string, string?>>? configure = null)
    {
        // npm is a script, which Windows runs by its shell only.
        var shell = OperatingSystem.IsWindows() && command == "npm";
        var start = new ProcessStartInfo(shell ? "cmd" : command, shell ? ["/c", command, .. arguments] : arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        configure?.Invoke(start.Environment);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new StartException(
                $"Nothing serves development storage, and Azurite needs Node.js, but '{command}' was not found. Install "
                + "Node.js 20 or newer with npm "
                + "(Debian: apt install nodejs npm), or start Azurite elsewhere, or set AzureWebJobsStorage to a storage account.");
        }
    }

    private static string Find(string? given)
    {
        if (given is not null)
        {
            return File.Exists(Path.Combine(given, "package.json"))
                ? Path.GetFullPath(given)
                : throw new StartException($"{Setting} is '{given}', which holds no package.json of Azurite.");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tools", "azurite");
            if (File.Exists(Path.Combine(candidate, "package.json")))
            {
                return candidate;
            }
        }

        throw new StartException(
            $"Nothing serves development storage, and no folder tools/azurite was found above {AppContext.BaseDirectory} to "
            + "start Azurite from. "
            + $"Start Azurite yourself, or name the folder in {Setting}, or set AzureWebJobsStorage to a storage account.");
    }

    private static string PinnedVersion(string folder)
    {
        using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
        return package.RootElement.GetProperty("dependencies").GetProperty("azurite").GetString()!;
    }

    private static bool IsInstalled(string folder)
    {
        // npm writes this file last, so its presence means that the installation is whole.
        var package = Path.Combine(folder, "node_modules", "azurite", "package.json");
        if (!File.Exists(package) || !File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
        {
            return false;
        }

        using var installed = JsonDocument.Parse(File.ReadAllBytes(package));
        return installed.RootElement.GetProperty("version").GetString() == PinnedVersion(folder);
    }

    private static Task<FileStream> LockAsync(string folder, CancellationToken cancellation)
    {
        // Outside of the folder, since npm ci deletes node_modules and nothing else there is ignored by git.
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(folder)).AsSpan(0, 8));
        return LockFile.WaitAsync(Path.Combine(Path.GetTempPath(), $"azurite-install-{name}.lock"), cancellation);
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellation)
    {
        using var npm = Run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
        npm.StandardInput.Close();
        try
        {
            var error = npm.StandardError.ReadToEndAsync(cancellation);
            var output = npm.StandardOutput.ReadToEndAsync(cancellation);
            await npm.WaitForExitAsync(cancellation);
            if (npm.ExitCode != 0)
            {
                throw new StartException(
                    $"'npm ci' in {folder} failed with code {npm.ExitCode}: {(await error).Trim()} {(await output).Trim()}");
            }
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }
    }
}
