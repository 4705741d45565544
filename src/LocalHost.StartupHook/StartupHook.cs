/// <summary>What the runtime calls; its name and place are given.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        Chard.LocalHost.EndWithParent.Begin();
        Chard.LocalHost.SettingFaults.Tell();
    }
}
