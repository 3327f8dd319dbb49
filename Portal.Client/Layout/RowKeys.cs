namespace Portal.Client.Layout;

/// <summary>Carries a key that was pressed on a row from the browser to the list that shows the row. One a circuit.</summary>
public sealed class RowKeys
{
    /// <summary>Raised with the key and the id of the row.</summary>
    public event Func<string, string, Task>? Pressed;

    /// <summary>Told by the browser, through the layout.</summary>
    public Task PressAsync(string key, string row) => Pressed?.Invoke(key, row) ?? Task.CompletedTask;
}
