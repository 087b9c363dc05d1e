"""What models, jobs and trainings say when something goes wrong, in Chinese."""

# ruff: noqa: RUF001 (Chinese has its own commas)

SENTENCES: dict[str, str] = {
    # models
    "The weights are not finite numbers, so the training diverged; train with a lower rate (lr).": (
        "权重中有非有限数值，训练已发散；请用更低的学习率（lr）训练。"
    ),
    "{} is a pickle, which can run code when opened; use a .safetensors file instead.": (
        "{0} 是 pickle 文件，打开时可能运行代码；请改用 .safetensors 文件。"
    ),
    "{} is a pickle by its ending, which can run code when opened; use a .safetensors file.": (
        "从后缀看，{0} 是 pickle 文件，打开时可能运行代码；请使用 .safetensors 文件。"
    ),
    "{} has format {}, which this Easel cannot read; update Easel.": (
        "{0} 的格式版本为 {1}，当前的 Easel 无法读取；请更新 Easel。"
    ),
    "{} is of the unknown family '{}'; update Easel.": "{0} 属于未知的系列“{1}”；请更新 Easel。",
    "{} holds weights that are not finite numbers; import it again from its source.": (
        "{0} 的权重中有非有限数值；请从其来源重新导入。"
    ),
    "{} does not hold the weights its header promises; import it again from its source.": (
        "{0} 的权重与其文件头不符；请从其来源重新导入。"
    ),
    "{} is not a model made by Easel; choose a .safetensors file that Easel exported.": (
        "{0} 不是 Easel 的模型；请选择由 Easel 导出的 .safetensors 文件。"
    ),
    "The file {} cannot be read; choose a .safetensors file that Easel exported.": (
        "无法读取文件 {0}；请选择由 Easel 导出的 .safetensors 文件。"
    ),
    "{} has {} MB; a model may have {} MB.": "{0} 有 {1} MB；模型最大 {2} MB。",
    "The list of shipped models, {}, cannot be read; install Easel again.": (
        "无法读取内置模型的列表 {0}；请重新安装 Easel。"
    ),
    "There is already a model '{}'; choose another name.": "已有名为“{0}”的模型；请换一个名称。",
    "There is no model '{}'; choose one of your own.": "没有模型“{0}”；请选择你自己的模型。",
    "There is no model '{}'; choose another, or import or train one of that name.": (
        "没有模型“{0}”；请另选一个，或以此名称导入或训练模型。"
    ),
    "The model '{}' came with Easel and stays as it is; choose one of your own.": (
        "模型“{0}”是 Easel 内置的，不能更改；请选择你自己的模型。"
    ),
    "The file of the model '{}' is damaged; {}.": "模型“{0}”的文件已损坏；{1:part}。",
    "The file of the model '{}' cannot be read; {}.": "无法读取模型“{0}”的文件；{1:part}。",
    "The model '{}' is damaged; delete it and import or train it again.": ("模型“{0}”已损坏；请删除后重新导入或训练。"),
    "No model is chosen; choose one of the list.": "没有选择模型；请从列表中选择一个。",
    "No file is chosen yet; choose one that Easel exported.": ("还没有要导入的文件；请选择由 Easel 导出的文件。"),
    "There is no deleted model '{}'; see the list of deleted models.": (
        "没有已删除的模型“{0}”；请查看已删除模型的列表。"
    ),
    "There is no deleted model to bring back; import the model from its file.": (
        "没有可恢复的已删除模型；请从文件导入该模型。"
    ),
    "The password is too short; take at least {} characters.": "密码太短；请使用至少 {0} 个字符。",
    "{} is encrypted; give the password that it was exported with.": "{0} 已加密；请输入导出时设置的密码。",
    "{} is cut short; fetch or export it again.": "{0} 不完整；请重新获取或导出。",
    "{} was encrypted by a newer Easel, or is damaged; update Easel, or fetch the file again.": (
        "{0} 由更新版本的 Easel 加密，或已损坏；请更新 Easel，或重新获取该文件。"
    ),
    "The password is not that of {}, or the file was changed; type it again, or fetch the file again.": (
        "密码与 {0} 不符，或文件已被改动；请重新输入密码，或重新获取该文件。"
    ),
    "{} may not be written to; set EASEL_HOME to another folder.": (
        "没有权限写入 {0}；请将 EASEL_HOME 设为其他文件夹。"
    ),
    # jobs
    "{} cannot be created; set EASEL_HOME to another folder.": "无法创建 {0}；请将 EASEL_HOME 设为其他文件夹。",
    "The training process could not be started ({}); free memory and try again.": (
        "无法启动训练进程（{0}）；请释放内存后重试。"
    ),
    "There is no recipe '{}'; choose one of {}.": "没有训练内容“{0}”；请从以下选择：{1}。",
    "The recipe '{}' has no setting '{}'.": "训练内容“{0}”没有设置“{1}”。",
    "A training needs at least one folder or file of pictures; give --data.": (
        "训练至少需要一个图片文件或文件夹；请用 --data 指定。"
    ),
    "The setting 'lr' is {}; it must be above 0 and at most 1.": "设置“lr”的值为 {0}；应大于 0 且不超过 1。",
    "The setting '{}' is {}; it must be at least 1.": "设置“{0}”的值为 {1}；应至少为 1。",
    "The setting 'size' is {}; it must be a multiple of {}.": "设置“size”的值为 {0}；应为 {1} 的倍数。",
    "There is no job {}; see the list of jobs.": "没有任务 {0}；请查看任务列表。",
    "Job {} is {} and cannot be {}; {}.": "任务 {0} 的状态为“{1:part}”，不能“{2:part}”；{3:part}。",
    "Job {} is {}; cancel it before you delete it.": "任务 {0} 的状态为“{1:part}”；请先取消再删除。",
    "The job list {} cannot be used ({}); check the space and permissions of its folder.": (
        "无法使用任务列表 {0}（{1}）；请检查其文件夹的空间和权限。"
    ),
    "The job list {} is damaged; move it away, and Easel starts a new one.": (
        "任务列表 {0} 已损坏；请将其移走，Easel 会新建一个。"
    ),
    # pictures for a training
    "{} holds a path that leads outside of it; pack the pictures anew.": (
        "{0} 中有指向压缩包之外的路径；请重新打包图片。"
    ),
    "{} would take up {} MB in {} files; give fewer or smaller pictures, or a folder of them.": (
        "{0} 解压后将占用 {1} MB，共 {2} 个文件；请减少或缩小图片，或改用文件夹。"
    ),
    "{} holds more than it says; pack the pictures anew.": "{0} 的实际内容多于其声明；请重新打包图片。",
    "{} is damaged, encrypted or no zip file; pack the pictures anew.": (
        "{0} 已损坏、已加密或不是 zip 文件；请重新打包图片。"
    ),
    "{} could not be unpacked; free some disk space and try again.": "无法解压 {0}；请释放一些磁盘空间后重试。",
    "{} has no columns 'file' and 'caption'; name them so in its first line.": (
        "{0} 没有“file”和“caption”列；请在第一行这样命名。"
    ),
    "No picture is left to train on; put some back, or add others.": "没有可用于训练的图片；请放回一些，或另行添加。",
    "None of the pictures is there any more; add them again.": "这些图片都已不存在；请重新添加。",
    # trainings
    "No face was found in these pictures; add portraits that look towards the camera.": (
        "这些图片中没有找到人脸；请添加面向镜头的人像。"
    ),
    "No picture of at least {} px could be read in {}; add larger pictures.": (
        "{1} 中没有可读取的、边长至少 {0} 像素的图片；请添加更大的图片。"
    ),
    "{} already holds a run; add --resume to go on with it, or choose another folder.": (
        "{0} 中已有一次训练；请加 --resume 以继续，或另选文件夹。"
    ),
    "The training diverged; start it again with a lower learning rate (lr).": (
        "训练已发散；请用更低的学习率（lr）重新开始。"
    ),
    "The checkpoint {} does not fit this training; start again in an empty run folder.": (
        "检查点 {0} 与此训练不符；请在空的训练文件夹中重新开始。"
    ),
    "The model '{}' is of the family '{}'; choose one of '{}'.": ("模型“{0}”属于“{1}”系列；请选择“{2}”系列的模型。"),
    "The model '{}' is for face models unlike '{}'; leave out --base.": (
        "模型“{0}”不适用于“{1}”这样的人脸模型；请不要使用 --base。"
    ),
    "{} style pictures were given; choose at most {}.": "给了 {0} 张风格图片；最多选择 {1} 张。",
    "The face size {} cannot be built; choose 16, 32, 64, 128 or 256.": (
        "人脸尺寸不能为 {0}；请选择 16、32、64、128 或 256。"
    ),
    "There is no style picture '{}' to keep back; give names without endings.": (
        "没有可保留的风格图片“{0}”；请给出不含扩展名的名称。"
    ),
    "All style pictures are kept back; leave some to learn from.": "所有风格图片都被保留了；请留一些用于学习。",
    "The perceptual recipe needs --teacher, or pictures in at least ten labelled folders.": (
        "训练编码器需要 --teacher，或按类别放在至少十个文件夹中的图片。"
    ),
    "A slider needs at least 10 labelled pictures; check the names in the tables' column 'file'.": (
        "每个滑块至少需要 10 张有标签的图片；请检查表格“file”列中的文件名。"
    ),
    "No attribute can be told apart in these pictures; label more of them, or others.": (
        "无法从这些图片中区分任何属性；请标注更多图片，或换用其他属性。"
    ),
    "The tables have no column '{}'; name columns that are there.": "表格中没有“{0}”列；请使用已有的列名。",
    "The table '{}' cannot be read; give a .csv with a column 'file'.": (
        "无法读取表格“{0}”；请提供包含“file”列的 .csv 文件。"
    ),
    "This face model cannot grow from {} to {} px; set its own size (size).": (
        "此人脸模型无法从 {0} 扩展到 {1} 像素；请设为它自己的尺寸（size）。"
    ),
    "The file '{}' holds no landmarks; give a .npz of names and points.": (
        "文件“{0}”不含人脸关键点；请提供包含 names 和 points 的 .npz 文件。"
    ),
    "The file '{}' has landmarks of none of these pictures; give the file that belongs to them.": (
        "文件“{0}”不含这些图片的关键点；请提供与图片对应的文件。"
    ),
    "{} does not hold the features of squeezenet1_1; give its .safetensors file.": (
        "{0} 不含 squeezenet1_1 的特征网络；请提供它的 .safetensors 文件。"
    ),
}
