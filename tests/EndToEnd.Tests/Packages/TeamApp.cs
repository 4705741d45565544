namespace Chard.EndToEnd.Tests.Packages;

/// <summary>An app as a team gets it from the templates, with a task and a workflow of each kind, built.</summary>
public sealed class TeamApp
{
    private const string Name = "Acme.Jobs";

    /// <summary>Makes and builds it. A warning is an error, but for versions that not every registry has.</summary>
    public TeamApp(PackedFeed feed)
    {
        ArgumentNullException.ThrowIfNull(feed);
        string home = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(feed.Folder)!, "team")).FullName;
        Folder = Path.Combine(home, Name);
        Terminal = new(home);
        Terminal.Run("dotnet", "new", "install", feed.FileOf("Chard.Templates"));
        Terminal.Run("dotnet", "new", "chard-app", "-n", Name);
        feed.Serve(Folder);
        Terminal.Enter(Name);
        New("chard-task", "Ping");
        New(
            "chard-task", "ResizeImage",
            "--attempts", "3", "--onExhausted", "Park", "--route", "Slow", "--limit", "images", "--perSecond", "2.5");
        New("chard-task", "Scale", "--onExhausted", "Skip", "--pack", "500");
        foreach (string kind in (string[])["chain", "group", "chord", "map"])
        {
            New("chard-workflow", "Ship" + kind, "--kind", kind);
        }

        Terminal.Run("dotnet", "build", "-c", PackedFeed.Configuration, "-warnaserror", "-warnNotAsError:NU1603");
    }

    /// <summary>The solution.</summary>
    public string Folder { get; }

    /// <summary>The app's project.</summary>
    public string Project => Path.Combine(Folder, "src", Name);

    /// <summary>What the app was built into.</summary>
    public string Output => Path.Combine(Project, "bin", PackedFeed.Configuration, "net10.0");

    internal Terminal Terminal { get; }

    private void New(string template, string name, params string[] options) =>
        Terminal.Run("dotnet", ["new", template, "-n", name, "--app", Name, .. options]);
}
